/**
 * What `COMMAND` of Redis 7.0 says of its commands; a test compares the two, and prints this table when they differ.
 *
 * Name, `/`, arity (the name included; negative: at least), `/`, flags (w write, m denyoom, r readonly, l loading,
 * s stale, b allow_busy, - none of them) and, of those that only read, `:` and where their keys are: first, last
 * (negative: from the end), step.
 */
export const COMMAND_TABLE = `
acl/-2/- acl|cat/-2/ls acl|deluser/-3/ls acl|dryrun/-4/ls acl|genpass/-2/ls acl|getuser/3/ls acl|help/2/ls
acl|list/2/ls acl|load/2/ls acl|log/-2/ls acl|save/2/ls acl|setuser/-3/ls acl|users/2/ls acl|whoami/2/ls append/3/wm
asking/1/- auth/-2/lsb bgrewriteaof/1/- bgsave/-1/- bitcount/-2/r:1,1,1 bitfield/-2/wm bitfield_ro/-2/r:1,1,1
bitop/-4/wm bitpos/-3/r:1,1,1 blmove/6/wm blmpop/-5/w blpop/-3/w brpop/-3/w brpoplpush/4/wm bzmpop/-5/w bzpopmax/-3/w
bzpopmin/-3/w client/-2/- client|caching/3/ls client|getname/2/ls client|getredir/2/ls client|help/2/ls client|id/2/ls
client|info/2/ls client|kill/-3/ls client|list/-2/ls client|no-evict/3/ls client|pause/-3/ls client|reply/3/ls
client|setname/3/ls client|tracking/-3/ls client|trackinginfo/2/ls client|unblock/-3/ls client|unpause/2/ls
cluster/-2/- cluster|addslots/-3/s cluster|addslotsrange/-4/s cluster|bumpepoch/2/s cluster|count-failure-reports/3/s
cluster|countkeysinslot/3/s cluster|delslots/-3/s cluster|delslotsrange/-4/s cluster|failover/-2/s
cluster|flushslots/2/s cluster|forget/3/s cluster|getkeysinslot/4/s cluster|help/2/ls cluster|info/2/s
cluster|keyslot/3/s cluster|links/2/s cluster|meet/-4/s cluster|myid/2/s cluster|nodes/2/s cluster|replicas/3/s
cluster|replicate/3/s cluster|reset/-2/s cluster|saveconfig/2/s cluster|set-config-epoch/3/s cluster|setslot/-4/s
cluster|shards/2/s cluster|slaves/3/s cluster|slots/2/s command/-1/ls command|count/2/ls command|docs/-2/ls
command|getkeys/-4/ls command|getkeysandflags/-4/ls command|help/2/ls command|info/-2/ls command|list/-2/ls
config/-2/- config|get/-3/ls config|help/2/ls config|resetstat/2/ls config|rewrite/2/ls config|set/-4/ls copy/-3/wm
dbsize/1/r debug/-2/ls decr/2/wm decrby/3/wm del/-2/w discard/1/lsb dump/2/r:1,1,1 echo/2/ls eval/-3/s eval_ro/-3/rs
evalsha/-3/s evalsha_ro/-3/rs exec/1/ls exists/-2/r:1,-1,1 expire/-3/w expireat/-3/w expiretime/2/r:1,1,1
failover/-1/s fcall/-3/s fcall_ro/-3/rs flushall/-1/w flushdb/-1/w function/-2/- function|delete/3/w function|dump/2/-
function|flush/-2/w function|help/2/ls function|kill/2/b function|list/-2/- function|load/-3/wm function|restore/-3/wm
function|stats/2/b geoadd/-5/wm geodist/-4/r:1,1,1 geohash/-2/r:1,1,1 geopos/-2/r:1,1,1 georadius/-6/wm
georadius_ro/-6/r:1,1,1 georadiusbymember/-5/wm georadiusbymember_ro/-5/r:1,1,1 geosearch/-7/r:1,1,1
geosearchstore/-8/wm get/2/r:1,1,1 getbit/3/r:1,1,1 getdel/2/w getex/-2/w getrange/4/r:1,1,1 getset/3/wm hdel/-3/w
hello/-1/lsb hexists/3/r:1,1,1 hget/3/r:1,1,1 hgetall/2/r:1,1,1 hincrby/4/wm hincrbyfloat/4/wm hkeys/2/r:1,1,1
hlen/2/r:1,1,1 hmget/-3/r:1,1,1 hmset/-4/wm hrandfield/-2/r:1,1,1 hscan/-3/r:1,1,1 hset/-4/wm hsetnx/4/wm
hstrlen/3/r:1,1,1 hvals/2/r:1,1,1 incr/2/wm incrby/3/wm incrbyfloat/3/wm info/-1/ls keys/2/r lastsave/1/ls
latency/-2/- latency|doctor/2/ls latency|graph/3/ls latency|help/2/ls latency|histogram/-2/ls latency|history/3/ls
latency|latest/2/ls latency|reset/-2/ls lcs/-3/r:1,2,1 lindex/3/r:1,1,1 linsert/5/wm llen/2/r:1,1,1 lmove/5/wm
lmpop/-4/w lolwut/-1/r lpop/-2/w lpos/-3/r:1,1,1 lpush/-3/wm lpushx/-3/wm lrange/4/r:1,1,1 lrem/4/w lset/4/wm
ltrim/4/w memory/-2/- memory|doctor/2/- memory|help/2/ls memory|malloc-stats/2/- memory|purge/2/- memory|stats/2/-
memory|usage/-3/r:2,2,1 mget/-2/r:1,-1,1 migrate/-6/w module/-2/- module|help/2/ls module|list/2/- module|load/-3/-
module|loadex/-3/- module|unload/3/- monitor/1/ls move/3/w mset/-3/wm msetnx/-3/wm multi/1/lsb object/-2/-
object|encoding/3/r:2,2,1 object|freq/3/r:2,2,1 object|help/2/ls object|idletime/3/r:2,2,1 object|refcount/3/r:2,2,1
persist/2/w pexpire/-3/w pexpireat/-3/w pexpiretime/2/r:1,1,1 pfadd/-2/wm pfcount/-2/r:1,-1,1 pfdebug/3/wm
pfmerge/-2/wm pfselftest/1/- ping/-1/- psetex/4/wm psubscribe/-2/ls psync/-3/- pttl/2/r:1,1,1 publish/3/ls pubsub/-2/-
pubsub|channels/-2/ls pubsub|help/2/ls pubsub|numpat/2/ls pubsub|numsub/-2/ls pubsub|shardchannels/-2/ls
pubsub|shardnumsub/-2/ls punsubscribe/-1/ls quit/-1/lsb randomkey/1/r readonly/1/ls readwrite/1/ls rename/3/w
renamenx/3/w replconf/-1/lsb replicaof/3/s reset/1/lsb restore/-4/wm restore-asking/-4/wm role/1/ls rpop/-2/w
rpoplpush/3/wm rpush/-3/wm rpushx/-3/wm sadd/-3/wm save/1/- scan/-2/r scard/2/r:1,1,1 script/-2/- script|debug/3/-
script|exists/-3/- script|flush/-2/- script|help/2/ls script|kill/2/b script|load/3/s sdiff/-2/r:1,-1,1
sdiffstore/-3/wm select/2/ls set/-3/wm setbit/4/wm setex/4/wm setnx/3/wm setrange/4/wm shutdown/-1/lsb
sinter/-2/r:1,-1,1 sintercard/-3/r sinterstore/-3/wm sismember/3/r:1,1,1 slaveof/3/s slowlog/-2/- slowlog|get/-2/ls
slowlog|help/2/ls slowlog|len/2/ls slowlog|reset/2/ls smembers/2/r:1,1,1 smismember/-3/r:1,1,1 smove/4/w sort/-2/wm
sort_ro/-2/r:1,1,1 spop/-2/w spublish/3/ls srandmember/-2/r:1,1,1 srem/-3/w sscan/-3/r:1,1,1 ssubscribe/-2/ls
strlen/2/r:1,1,1 subscribe/-2/ls substr/4/r:1,1,1 sunion/-2/r:1,-1,1 sunionstore/-3/wm sunsubscribe/-1/ls swapdb/3/w
sync/1/- time/1/ls touch/-2/r:1,-1,1 ttl/2/r:1,1,1 type/2/r:1,1,1 unlink/-2/w unsubscribe/-1/ls unwatch/1/lsb wait/3/-
watch/-2/lsb xack/-4/w xadd/-5/wm xautoclaim/-6/w xclaim/-6/w xdel/-3/w xgroup/-2/- xgroup|create/-5/wm
xgroup|createconsumer/5/wm xgroup|delconsumer/5/w xgroup|destroy/4/w xgroup|help/2/ls xgroup|setid/-5/w xinfo/-2/-
xinfo|consumers/4/r:2,2,1 xinfo|groups/3/r:2,2,1 xinfo|help/2/ls xinfo|stream/-3/r:2,2,1 xlen/2/r:1,1,1
xpending/-3/r:1,1,1 xrange/-4/r:1,1,1 xread/-4/r xreadgroup/-7/w xrevrange/-4/r:1,1,1 xsetid/-3/wm xtrim/-4/w
zadd/-4/wm zcard/2/r:1,1,1 zcount/4/r:1,1,1 zdiff/-3/r zdiffstore/-4/wm zincrby/4/wm zinter/-3/r zintercard/-3/r
zinterstore/-4/wm zlexcount/4/r:1,1,1 zmpop/-4/w zmscore/-3/r:1,1,1 zpopmax/-2/w zpopmin/-2/w zrandmember/-2/r:1,1,1
zrange/-4/r:1,1,1 zrangebylex/-4/r:1,1,1 zrangebyscore/-4/r:1,1,1 zrangestore/-5/wm zrank/3/r:1,1,1 zrem/-3/w
zremrangebylex/4/w zremrangebyrank/4/w zremrangebyscore/4/w zrevrange/-4/r:1,1,1 zrevrangebylex/-4/r:1,1,1
zrevrangebyscore/-4/r:1,1,1 zrevrank/3/r:1,1,1 zscan/-3/r:1,1,1 zscore/3/r:1,1,1 zunion/-3/r zunionstore/-4/wm
`
