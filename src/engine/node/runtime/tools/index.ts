import * as agnhostFile from '../programs/agnhost.ts'
import * as databases from '../programs/databases.ts'
import * as metricsServerFile from '../programs/metricsServer.ts'
import * as tidewatch from '../programs/tidewatch.ts'
import * as web from '../programs/web.ts'
import type { Tool } from '../kernel/tool.ts'
import { shells } from '../shell/shell.ts'
import { awk } from './awk.ts'
import { cat } from './cat.ts'
import { curl } from './curl.ts'
import { date } from './date.ts'
import { dig, nslookup } from './dns.ts'
import { echo, printf } from './echo.ts'
import { env, printenv } from './env.ts'
import { chmod, chown, cp, ln, mkdir, mktemp, mv, rm, rmdir, touch } from './files.ts'
import { grep } from './grep.ts'
import { cut, head, rev, seq, sort, tac, tee, tr, uniq, wc, yes } from './lines.ts'
import { ls } from './ls.ts'
import { nc, ping } from './nc.ts'
import { base64, checksum, dd, expr, stress } from './numbers.ts'
import { packageManager } from './packages.ts'
import { perl } from './perl.ts'
import { python } from './python.ts'
import { find, nohup, timeout, watch, xargs } from './run.ts'
import { sed } from './sed.ts'
import { sleep } from './sleep.ts'
import {
  basename,
  df,
  du,
  free,
  harmless,
  hostname,
  id,
  kill,
  killall,
  nproc,
  pgrep,
  ps,
  stat,
  uname,
  uptime,
  which,
  whoami,
} from './system.ts'
import { tail } from './tail.ts'
import { testTool } from './testTool.ts'
import { noTool, yesTool } from './truth.ts'
import { wget } from './wget.ts'

/** Everything a container can run, besides what lessons bring along. */
export const tools: readonly Tool[] = Object.freeze([
  ...shells,
  ...[
    echo,
    printf,
    cat,
    sleep,
    yesTool,
    noTool,
    testTool,
    ls,
    touch,
    rm,
    rmdir,
    mkdir,
    cp,
    mv,
    ln,
    chmod,
    chown,
    mktemp,
  ],
  ...[env, printenv, date, hostname, id, whoami, uname, nproc, uptime, free, df, du, stat, which, basename, harmless],
  ...[head, tail, grep, sed, awk, cut, tr, sort, uniq, wc, rev, tac, tee, seq, yes, expr, dd, base64, checksum],
  ...[ps, kill, killall, pgrep, nohup, timeout, xargs, find, watch],
  ...[curl, wget, nslookup, dig, nc, ping, stress, packageManager, perl, python],
  ...[
    web.nginx,
    web.httpd,
    web.phpLoad,
    web.guestbook,
    web.helloApp,
    web.httpEcho,
    web.whoamiServer,
    web.unknown,
    web.coredns,
    metricsServerFile.metricsServer,
    web.unknownTool,
    web.javaServer,
    web.nodeJs,
  ],
  ...[
    databases.redisServer,
    databases.redisCli,
    databases.mysqld,
    databases.postgres,
    databases.mongod,
    databases.memcached,
    databases.rabbitmq,
  ],
  ...[databases.etcdServer, databases.databaseClients, databases.logbook, databases.pause, agnhostFile.agnhost],
  ...[tidewatch.ui, tidewatch.forecast, tidewatch.trainer, tidewatch.leaky, tidewatch.hog, tidewatch.collector],
])

const byName: ReadonlyMap<string, Tool> = new Map(
  tools.flatMap((tool) => tool.names.map((name) => [name, tool] as const)),
)

/** The tool of that name. */
export function findTool(name: string): Tool | undefined {
  return byName.get(name)
}
