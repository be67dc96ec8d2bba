/**
 * What `COMMAND` of Redis 7.0 says of its commands; a test compares the two, and prints this table when they differ.
 *
 * Name, `/`, arity (the name included; negative: at least), `/`, flags (w write, m denyoom, r readonly, l loading,
 * s stale, b allow_busy, n no_auth, - none of them) and, of those with keys in fixed places, `:` and where: first, last (negative:
 * from the end), step.
 */
export const COMMAND_TABLE = `
acl/-2/- acl|cat/-2/ls acl|deluser/-3/ls acl|dryrun/-4/ls acl|genpass/-2/ls acl|getuser/3/ls acl|help/2/ls
acl|list/2/ls acl|load/2/ls acl|log/-2/ls acl|save/2/ls acl|setuser/-3/ls acl|users/2/ls acl|whoami/2/ls
append/3/wm:1,1,1 asking/1/- auth/-2/lsbn bgrewriteaof/1/- bgsave/-1/- bitcount/-2/r:1,1,1 bitfield/-2/wm:1,1,1
bitfield_ro/-2/r:1,1,1 bitop/-4/wm:2,-1,1 bitpos/-3/r:1,1,1 blmove/6/wm:1,2,1 blmpop/-5/w blpop/-3/w:1,-2,1
brpop/-3/w:1,-2,1 brpoplpush/4/wm:1,2,1 bzmpop/-5/w bzpopmax/-3/w:1,-2,1 bzpopmin/-3/w:1,-2,1 client/-2/-
client|caching/3/ls client|getname/2/ls client|getredir/2/ls client|help/2/ls client|id/2/ls client|info/2/ls
client|kill/-3/ls client|list/-2/ls client|no-evict/3/ls client|pause/-3/ls client|reply/3/ls client|setname/3/ls
client|tracking/-3/ls client|trackinginfo/2/ls client|unblock/-3/ls client|unpause/2/ls cluster/-2/-
cluster|addslots/-3/s cluster|addslotsrange/-4/s cluster|bumpepoch/2/s cluster|count-failure-reports/3/s
cluster|countkeysinslot/3/s cluster|delslots/-3/s cluster|delslotsrange/-4/s cluster|failover/-2/s
cluster|flushslots/2/s cluster|forget/3/s cluster|getkeysinslot/4/s cluster|help/2/ls cluster|info/2/s
cluster|keyslot/3/s cluster|links/2/s cluster|meet/-4/s cluster|myid/2/s cluster|nodes/2/s cluster|replicas/3/s
cluster|replicate/3/s cluster|reset/-2/s cluster|saveconfig/2/s cluster|set-config-epoch/3/s cluster|setslot/-4/s
cluster|shards/2/s cluster|slaves/3/s cluster|slots/2/s command/-1/ls command|count/2/ls command|docs/-2/ls
command|getkeys/-4/ls command|getkeysandflags/-4/ls command|help/2/ls command|info/-2/ls command|list/-2/ls config/-2/-
config|get/-3/ls config|help/2/ls config|resetstat/2/ls config|rewrite/2/ls config|set/-4/ls copy/-3/wm:1,2,1
dbsize/1/r debug/-2/ls decr/2/wm:1,1,1 decrby/3/wm:1,1,1 del/-2/w:1,-1,1 discard/1/lsb dump/2/r:1,1,1 echo/2/ls
eval/-3/s eval_ro/-3/rs evalsha/-3/s evalsha_ro/-3/rs exec/1/ls exists/-2/r:1,-1,1 expire/-3/w:1,1,1
expireat/-3/w:1,1,1 expiretime/2/r:1,1,1 failover/-1/s fcall/-3/s fcall_ro/-3/rs flushall/-1/w flushdb/-1/w
function/-2/- function|delete/3/w function|dump/2/- function|flush/-2/w function|help/2/ls function|kill/2/b
function|list/-2/- function|load/-3/wm function|restore/-3/wm function|stats/2/b geoadd/-5/wm:1,1,1 geodist/-4/r:1,1,1
geohash/-2/r:1,1,1 geopos/-2/r:1,1,1 georadius/-6/wm:1,1,1 georadius_ro/-6/r:1,1,1 georadiusbymember/-5/wm:1,1,1
georadiusbymember_ro/-5/r:1,1,1 geosearch/-7/r:1,1,1 geosearchstore/-8/wm:1,2,1 get/2/r:1,1,1 getbit/3/r:1,1,1
getdel/2/w:1,1,1 getex/-2/w:1,1,1 getrange/4/r:1,1,1 getset/3/wm:1,1,1 hdel/-3/w:1,1,1 hello/-1/lsbn hexists/3/r:1,1,1
hget/3/r:1,1,1 hgetall/2/r:1,1,1 hincrby/4/wm:1,1,1 hincrbyfloat/4/wm:1,1,1 hkeys/2/r:1,1,1 hlen/2/r:1,1,1
hmget/-3/r:1,1,1 hmset/-4/wm:1,1,1 hrandfield/-2/r:1,1,1 hscan/-3/r:1,1,1 hset/-4/wm:1,1,1 hsetnx/4/wm:1,1,1
hstrlen/3/r:1,1,1 hvals/2/r:1,1,1 incr/2/wm:1,1,1 incrby/3/wm:1,1,1 incrbyfloat/3/wm:1,1,1 info/-1/ls keys/2/r
lastsave/1/ls latency/-2/- latency|doctor/2/ls latency|graph/3/ls latency|help/2/ls latency|histogram/-2/ls
latency|history/3/ls latency|latest/2/ls latency|reset/-2/ls lcs/-3/r:1,2,1 lindex/3/r:1,1,1 linsert/5/wm:1,1,1
llen/2/r:1,1,1 lmove/5/wm:1,2,1 lmpop/-4/w lolwut/-1/r lpop/-2/w:1,1,1 lpos/-3/r:1,1,1 lpush/-3/wm:1,1,1
lpushx/-3/wm:1,1,1 lrange/4/r:1,1,1 lrem/4/w:1,1,1 lset/4/wm:1,1,1 ltrim/4/w:1,1,1 memory/-2/- memory|doctor/2/-
memory|help/2/ls memory|malloc-stats/2/- memory|purge/2/- memory|stats/2/- memory|usage/-3/r:2,2,1 mget/-2/r:1,-1,1
migrate/-6/w:3,3,1 module/-2/- module|help/2/ls module|list/2/- module|load/-3/- module|loadex/-3/- module|unload/3/-
monitor/1/ls move/3/w:1,1,1 mset/-3/wm:1,-1,2 msetnx/-3/wm:1,-1,2 multi/1/lsb object/-2/- object|encoding/3/r:2,2,1
object|freq/3/r:2,2,1 object|help/2/ls object|idletime/3/r:2,2,1 object|refcount/3/r:2,2,1 persist/2/w:1,1,1
pexpire/-3/w:1,1,1 pexpireat/-3/w:1,1,1 pexpiretime/2/r:1,1,1 pfadd/-2/wm:1,1,1 pfcount/-2/r:1,-1,1 pfdebug/3/wm:2,2,1
pfmerge/-2/wm:1,-1,1 pfselftest/1/- ping/-1/- psetex/4/wm:1,1,1 psubscribe/-2/ls psync/-3/- pttl/2/r:1,1,1 publish/3/ls
pubsub/-2/- pubsub|channels/-2/ls pubsub|help/2/ls pubsub|numpat/2/ls pubsub|numsub/-2/ls pubsub|shardchannels/-2/ls
pubsub|shardnumsub/-2/ls punsubscribe/-1/ls quit/-1/lsbn randomkey/1/r readonly/1/ls readwrite/1/ls rename/3/w:1,2,1
renamenx/3/w:1,2,1 replconf/-1/lsb replicaof/3/s reset/1/lsbn restore-asking/-4/wm:1,1,1 restore/-4/wm:1,1,1 role/1/ls
rpop/-2/w:1,1,1 rpoplpush/3/wm:1,2,1 rpush/-3/wm:1,1,1 rpushx/-3/wm:1,1,1 sadd/-3/wm:1,1,1 save/1/- scan/-2/r
scard/2/r:1,1,1 script/-2/- script|debug/3/- script|exists/-3/- script|flush/-2/- script|help/2/ls script|kill/2/b
script|load/3/s sdiff/-2/r:1,-1,1 sdiffstore/-3/wm:1,-1,1 select/2/ls set/-3/wm:1,1,1 setbit/4/wm:1,1,1
setex/4/wm:1,1,1 setnx/3/wm:1,1,1 setrange/4/wm:1,1,1 shutdown/-1/lsb sinter/-2/r:1,-1,1 sintercard/-3/r
sinterstore/-3/wm:1,-1,1 sismember/3/r:1,1,1 slaveof/3/s slowlog/-2/- slowlog|get/-2/ls slowlog|help/2/ls
slowlog|len/2/ls slowlog|reset/2/ls smembers/2/r:1,1,1 smismember/-3/r:1,1,1 smove/4/w:1,2,1 sort/-2/wm:1,1,1
sort_ro/-2/r:1,1,1 spop/-2/w:1,1,1 spublish/3/ls:1,1,1 srandmember/-2/r:1,1,1 srem/-3/w:1,1,1 sscan/-3/r:1,1,1
ssubscribe/-2/ls:1,-1,1 strlen/2/r:1,1,1 subscribe/-2/ls substr/4/r:1,1,1 sunion/-2/r:1,-1,1 sunionstore/-3/wm:1,-1,1
sunsubscribe/-1/ls:1,-1,1 swapdb/3/w sync/1/- time/1/ls touch/-2/r:1,-1,1 ttl/2/r:1,1,1 type/2/r:1,1,1
unlink/-2/w:1,-1,1 unsubscribe/-1/ls unwatch/1/lsb wait/3/- watch/-2/lsb:1,-1,1 xack/-4/w:1,1,1 xadd/-5/wm:1,1,1
xautoclaim/-6/w:1,1,1 xclaim/-6/w:1,1,1 xdel/-3/w:1,1,1 xgroup/-2/- xgroup|create/-5/wm:2,2,1
xgroup|createconsumer/5/wm:2,2,1 xgroup|delconsumer/5/w:2,2,1 xgroup|destroy/4/w:2,2,1 xgroup|help/2/ls
xgroup|setid/-5/w:2,2,1 xinfo/-2/- xinfo|consumers/4/r:2,2,1 xinfo|groups/3/r:2,2,1 xinfo|help/2/ls
xinfo|stream/-3/r:2,2,1 xlen/2/r:1,1,1 xpending/-3/r:1,1,1 xrange/-4/r:1,1,1 xread/-4/r xreadgroup/-7/w
xrevrange/-4/r:1,1,1 xsetid/-3/wm:1,1,1 xtrim/-4/w:1,1,1 zadd/-4/wm:1,1,1 zcard/2/r:1,1,1 zcount/4/r:1,1,1 zdiff/-3/r
zdiffstore/-4/wm:1,1,1 zincrby/4/wm:1,1,1 zinter/-3/r zintercard/-3/r zinterstore/-4/wm:1,1,1 zlexcount/4/r:1,1,1
zmpop/-4/w zmscore/-3/r:1,1,1 zpopmax/-2/w:1,1,1 zpopmin/-2/w:1,1,1 zrandmember/-2/r:1,1,1 zrange/-4/r:1,1,1
zrangebylex/-4/r:1,1,1 zrangebyscore/-4/r:1,1,1 zrangestore/-5/wm:1,2,1 zrank/3/r:1,1,1 zrem/-3/w:1,1,1
zremrangebylex/4/w:1,1,1 zremrangebyrank/4/w:1,1,1 zremrangebyscore/4/w:1,1,1 zrevrange/-4/r:1,1,1
zrevrangebylex/-4/r:1,1,1 zrevrangebyscore/-4/r:1,1,1 zrevrank/3/r:1,1,1 zscan/-3/r:1,1,1 zscore/3/r:1,1,1 zunion/-3/r
zunionstore/-4/wm:1,1,1
`
