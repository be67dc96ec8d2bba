/**
 * What `COMMAND` of Redis 7.0 says of its commands; a test compares the two, and prints this table when they differ.
 *
 * Name, `/`, arity (the name included; negative: at least), `/`, flags (w write, m denyoom, r readonly, l loading, - none
 * of them) and, of those that only read, `:` and where their keys are: first, last (negative: from the end), step.
 */
export const COMMAND_TABLE = `
acl/-2/- acl|cat/-2/l acl|deluser/-3/l acl|dryrun/-4/l acl|genpass/-2/l acl|getuser/3/l acl|help/2/l acl|list/2/l
acl|load/2/l acl|log/-2/l acl|save/2/l acl|setuser/-3/l acl|users/2/l acl|whoami/2/l append/3/wm asking/1/-
auth/-2/l bgrewriteaof/1/- bgsave/-1/- bitcount/-2/r:1,1,1 bitfield/-2/wm bitfield_ro/-2/r:1,1,1 bitop/-4/wm
bitpos/-3/r:1,1,1 blmove/6/wm blmpop/-5/w blpop/-3/w brpop/-3/w brpoplpush/4/wm bzmpop/-5/w bzpopmax/-3/w
bzpopmin/-3/w client/-2/- client|caching/3/l client|getname/2/l client|getredir/2/l client|help/2/l client|id/2/l
client|info/2/l client|kill/-3/l client|list/-2/l client|no-evict/3/l client|pause/-3/l client|reply/3/l
client|setname/3/l client|tracking/-3/l client|trackinginfo/2/l client|unblock/-3/l client|unpause/2/l cluster/-2/-
cluster|addslots/-3/- cluster|addslotsrange/-4/- cluster|bumpepoch/2/- cluster|count-failure-reports/3/-
cluster|countkeysinslot/3/- cluster|delslots/-3/- cluster|delslotsrange/-4/- cluster|failover/-2/-
cluster|flushslots/2/- cluster|forget/3/- cluster|getkeysinslot/4/- cluster|help/2/l cluster|info/2/-
cluster|keyslot/3/- cluster|links/2/- cluster|meet/-4/- cluster|myid/2/- cluster|nodes/2/- cluster|replicas/3/-
cluster|replicate/3/- cluster|reset/-2/- cluster|saveconfig/2/- cluster|set-config-epoch/3/- cluster|setslot/-4/-
cluster|shards/2/- cluster|slaves/3/- cluster|slots/2/- command/-1/l command|count/2/l command|docs/-2/l
command|getkeys/-4/l command|getkeysandflags/-4/l command|help/2/l command|info/-2/l command|list/-2/l config/-2/-
config|get/-3/l config|help/2/l config|resetstat/2/l config|rewrite/2/l config|set/-4/l copy/-3/wm dbsize/1/r
debug/-2/l decr/2/wm decrby/3/wm del/-2/w discard/1/l dump/2/r:1,1,1 echo/2/l eval/-3/- eval_ro/-3/r evalsha/-3/-
evalsha_ro/-3/r exec/1/l exists/-2/r:1,-1,1 expire/-3/w expireat/-3/w expiretime/2/r:1,1,1 failover/-1/- fcall/-3/-
fcall_ro/-3/r flushall/-1/w flushdb/-1/w function/-2/- function|delete/3/w function|dump/2/- function|flush/-2/w
function|help/2/l function|kill/2/- function|list/-2/- function|load/-3/wm function|restore/-3/wm function|stats/2/-
geoadd/-5/wm geodist/-4/r:1,1,1 geohash/-2/r:1,1,1 geopos/-2/r:1,1,1 georadius/-6/wm georadius_ro/-6/r:1,1,1
georadiusbymember/-5/wm georadiusbymember_ro/-5/r:1,1,1 geosearch/-7/r:1,1,1 geosearchstore/-8/wm get/2/r:1,1,1
getbit/3/r:1,1,1 getdel/2/w getex/-2/w getrange/4/r:1,1,1 getset/3/wm hdel/-3/w hello/-1/l hexists/3/r:1,1,1
hget/3/r:1,1,1 hgetall/2/r:1,1,1 hincrby/4/wm hincrbyfloat/4/wm hkeys/2/r:1,1,1 hlen/2/r:1,1,1 hmget/-3/r:1,1,1
hmset/-4/wm hrandfield/-2/r:1,1,1 hscan/-3/r:1,1,1 hset/-4/wm hsetnx/4/wm hstrlen/3/r:1,1,1 hvals/2/r:1,1,1
incr/2/wm incrby/3/wm incrbyfloat/3/wm info/-1/l keys/2/r lastsave/1/l latency/-2/- latency|doctor/2/l
latency|graph/3/l latency|help/2/l latency|histogram/-2/l latency|history/3/l latency|latest/2/l latency|reset/-2/l
lcs/-3/r:1,2,1 lindex/3/r:1,1,1 linsert/5/wm llen/2/r:1,1,1 lmove/5/wm lmpop/-4/w lolwut/-1/r lpop/-2/w
lpos/-3/r:1,1,1 lpush/-3/wm lpushx/-3/wm lrange/4/r:1,1,1 lrem/4/w lset/4/wm ltrim/4/w memory/-2/- memory|doctor/2/-
memory|help/2/l memory|malloc-stats/2/- memory|purge/2/- memory|stats/2/- memory|usage/-3/r:2,2,1 mget/-2/r:1,-1,1
migrate/-6/w module/-2/- module|help/2/l module|list/2/- module|load/-3/- module|loadex/-3/- module|unload/3/-
monitor/1/l move/3/w mset/-3/wm msetnx/-3/wm multi/1/l object/-2/- object|encoding/3/r:2,2,1 object|freq/3/r:2,2,1
object|help/2/l object|idletime/3/r:2,2,1 object|refcount/3/r:2,2,1 persist/2/w pexpire/-3/w pexpireat/-3/w
pexpiretime/2/r:1,1,1 pfadd/-2/wm pfcount/-2/r:1,-1,1 pfdebug/3/wm pfmerge/-2/wm pfselftest/1/- ping/-1/-
psetex/4/wm psubscribe/-2/l psync/-3/- pttl/2/r:1,1,1 publish/3/l pubsub/-2/- pubsub|channels/-2/l pubsub|help/2/l
pubsub|numpat/2/l pubsub|numsub/-2/l pubsub|shardchannels/-2/l pubsub|shardnumsub/-2/l punsubscribe/-1/l quit/-1/l
randomkey/1/r readonly/1/l readwrite/1/l rename/3/w renamenx/3/w replconf/-1/l replicaof/3/- reset/1/l
restore-asking/-4/wm restore/-4/wm role/1/l rpop/-2/w rpoplpush/3/wm rpush/-3/wm rpushx/-3/wm sadd/-3/wm save/1/-
scan/-2/r scard/2/r:1,1,1 script/-2/- script|debug/3/- script|exists/-3/- script|flush/-2/- script|help/2/l
script|kill/2/- script|load/3/- sdiff/-2/r:1,-1,1 sdiffstore/-3/wm select/2/l set/-3/wm setbit/4/wm setex/4/wm
setnx/3/wm setrange/4/wm shutdown/-1/l sinter/-2/r:1,-1,1 sintercard/-3/r sinterstore/-3/wm sismember/3/r:1,1,1
slaveof/3/- slowlog/-2/- slowlog|get/-2/l slowlog|help/2/l slowlog|len/2/l slowlog|reset/2/l smembers/2/r:1,1,1
smismember/-3/r:1,1,1 smove/4/w sort/-2/wm sort_ro/-2/r:1,1,1 spop/-2/w spublish/3/l srandmember/-2/r:1,1,1
srem/-3/w sscan/-3/r:1,1,1 ssubscribe/-2/l strlen/2/r:1,1,1 subscribe/-2/l substr/4/r:1,1,1 sunion/-2/r:1,-1,1
sunionstore/-3/wm sunsubscribe/-1/l swapdb/3/w sync/1/- time/1/l touch/-2/r:1,-1,1 ttl/2/r:1,1,1 type/2/r:1,1,1
unlink/-2/w unsubscribe/-1/l unwatch/1/l wait/3/- watch/-2/l xack/-4/w xadd/-5/wm xautoclaim/-6/w xclaim/-6/w
xdel/-3/w xgroup/-2/- xgroup|create/-5/wm xgroup|createconsumer/5/wm xgroup|delconsumer/5/w xgroup|destroy/4/w
xgroup|help/2/l xgroup|setid/-5/w xinfo/-2/- xinfo|consumers/4/r:2,2,1 xinfo|groups/3/r:2,2,1 xinfo|help/2/l
xinfo|stream/-3/r:2,2,1 xlen/2/r:1,1,1 xpending/-3/r:1,1,1 xrange/-4/r:1,1,1 xread/-4/r xreadgroup/-7/w
xrevrange/-4/r:1,1,1 xsetid/-3/wm xtrim/-4/w zadd/-4/wm zcard/2/r:1,1,1 zcount/4/r:1,1,1 zdiff/-3/r zdiffstore/-4/wm
zincrby/4/wm zinter/-3/r zintercard/-3/r zinterstore/-4/wm zlexcount/4/r:1,1,1 zmpop/-4/w zmscore/-3/r:1,1,1
zpopmax/-2/w zpopmin/-2/w zrandmember/-2/r:1,1,1 zrange/-4/r:1,1,1 zrangebylex/-4/r:1,1,1 zrangebyscore/-4/r:1,1,1
zrangestore/-5/wm zrank/3/r:1,1,1 zrem/-3/w zremrangebylex/4/w zremrangebyrank/4/w zremrangebyscore/4/w
zrevrange/-4/r:1,1,1 zrevrangebylex/-4/r:1,1,1 zrevrangebyscore/-4/r:1,1,1 zrevrank/3/r:1,1,1 zscan/-3/r:1,1,1
zscore/3/r:1,1,1 zunion/-3/r zunionstore/-4/wm
`
