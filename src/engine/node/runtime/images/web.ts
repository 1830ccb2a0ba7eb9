import { defineImage, megabytes } from './defineImage.ts'

const nginxPage = `<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>nginx is installed and working.</p>
</body>
</html>
`

function versionOf(tag: string, fallback: string): string {
  return /^\d[\d.]*/.exec(tag)?.[0] ?? fallback
}

const nginxParts = {
  tags: /^(latest|stable|mainline|perl|1|1\.([0-9]|1\d|2\d|3[01])(\.\d{1,2})?|alpine|slim|trixie|bookworm)(-(alpine|alpine-slim|slim|perl|otel|bookworm|trixie|alpine3\.\d\d|alpine-perl))*$/,
  sizeBytes: (tag: string) => (tag.includes('alpine') ? 21_458_752 : 72_950_530),
  base: 'debian',
  alpineTags: /alpine/,
  wrapper: { path: '/docker-entrypoint.sh', server: 'nginx' },
  entrypoint: ['/docker-entrypoint.sh'],
  cmd: ['nginx', '-g', 'daemon off;'],
  environment: (tag: string) => ({ NGINX_VERSION: versionOf(tag, '1.31.0') }),
  programs: { '/usr/sbin/nginx': 'nginx', '/usr/bin/curl': 'curl' },
  files: {
    '/usr/share/nginx/html/index.html': nginxPage,
    '/usr/share/nginx/html/50x.html': '<html><body><h1>An error occurred.</h1></body></html>\n',
    '/etc/nginx/nginx.conf': 'events {}\nhttp {\n    include /etc/nginx/conf.d/*.conf;\n}\n',
    '/etc/nginx/conf.d/default.conf':
      'server {\n    listen       80;\n    server_name  localhost;\n    root   /usr/share/nginx/html;\n}\n',
    '/var/log/nginx/access.log': '',
    '/var/log/nginx/error.log': '',
  },
  ports: [80],
  stopSignal: 'QUIT',
} as const

/** nginx, and its small relative of the documentation. */
export const nginx = defineImage({ names: ['docker.io/library/nginx', 'public.ecr.aws/nginx/nginx'], ...nginxParts })

/** nginx as Kubernetes' own registry has it. */
export const nginxSlim = defineImage({
  names: [
    'registry.k8s.io/nginx-slim',
    'registry.k8s.io/nginx',
    'registry.k8s.io/e2e-test-images/nginx',
    'docker.io/nginxinc/nginx-unprivileged',
  ],
  ...nginxParts,
  tags: /./,
})

/** nginx with a certificate, of the documentation. */
export const nginxHttps = defineImage({
  names: ['docker.io/bprashanth/nginxhttps'],
  ...nginxParts,
  tags: /^(1\.0|latest)$/,
  ports: [80, 443],
})

/** Apache's web server. */
export const httpd = defineImage({
  names: ['docker.io/library/httpd'],
  tags: /^(latest|2|2\.4(\.\d{1,2})?|alpine|bookworm|trixie)(-(alpine|bookworm|trixie|alpine3\.\d\d))*$/,
  sizeBytes: 58_500_000,
  base: 'debian',
  alpineTags: /alpine/,
  cmd: ['httpd-foreground'],
  programs: { '/usr/local/bin/httpd-foreground': 'httpd-foreground', '/usr/local/bin/httpd': 'httpd' },
  files: { '/usr/local/apache2/htdocs/index.html': '<html><body><h1>It works!</h1></body></html>\n' },
  ports: [80],
  stopSignal: 'WINCH',
  workingDir: '/usr/local/apache2',
})

/** The example of the autoscaling tutorial: every request calculates. */
export const hpaExample = defineImage({
  names: ['registry.k8s.io/hpa-example'],
  tags: /./,
  sizeBytes: megabytes(180),
  base: 'debian',
  cmd: ['apache2-foreground'],
  programs: { '/usr/local/bin/apache2-foreground': 'php-load' },
  ports: [80],
})

/** The guestbook's front end. */
export const guestbook = defineImage({
  names: [
    'us-docker.pkg.dev/google-samples/containers/gke/gb-frontend',
    'gcr.io/google-samples/gb-frontend',
    'gcr.io/google_samples/gb-frontend',
  ],
  tags: /./,
  sizeBytes: megabytes(176),
  base: 'debian',
  cmd: ['apache2-foreground'],
  programs: { '/usr/local/bin/apache2-foreground': 'guestbook' },
  files: { '/var/www/html/guestbook.php': '<?php\n', '/var/www/html/index.html': '<html><h2>Guestbook</h2></html>\n' },
  ports: [80],
})

/** Greets with version and host name. */
export const helloApp = defineImage({
  names: [
    'us-docker.pkg.dev/google-samples/containers/gke/hello-app',
    'gcr.io/google-samples/hello-app',
    'gcr.io/google-samples/hello-go-gke',
    'gcr.io/google-samples/node-hello',
    'us-docker.pkg.dev/google-samples/containers/gke/hello-app-tls',
  ],
  tags: /^(latest|[12]\.0)$/,
  sizeBytes: 13_746_942,
  base: 'none',
  cmd: ['/hello-app'],
  programs: { '/hello-app': 'hello-app' },
  environment: (tag) => ({ APP_VERSION: `${versionOf(tag, '1.0')}.0` }),
  ports: [8080],
})

/** Says one text. */
export const httpEcho = defineImage({
  names: ['docker.io/hashicorp/http-echo'],
  tags: /^(latest|alpine|0\.[123](\.\d)?|1\.0(\.0)?|1)$/,
  sizeBytes: megabytes(3),
  base: 'none',
  entrypoint: ['/http-echo'],
  programs: { '/http-echo': 'http-echo' },
  ports: [5678],
})

/** Tells who was asked by whom. */
export const whoami = defineImage({
  names: [
    'docker.io/traefik/whoami',
    'registry.k8s.io/echoserver',
    'k8s.gcr.io/echoserver',
    'registry.k8s.io/serve_hostname',
    'gcr.io/google_containers/echoserver',
    'docker.io/containous/whoami',
    'docker.io/kicbase/echo-server',
    'docker.io/ealen/echo-server',
    'docker.io/mendhak/http-https-echo',
    'docker.io/paulbouwer/hello-kubernetes',
    'docker.io/jmalloc/echo-server',
  ],
  tags: /./,
  sizeBytes: megabytes(3),
  base: 'none',
  entrypoint: ['/whoami'],
  programs: { '/whoami': 'whoami-server' },
})

/** WordPress with Apache. */
export const wordpress = defineImage({
  names: ['docker.io/library/wordpress'],
  tags: /^(latest|[56](\.\d+){0,2}|apache|fpm|php8\.\d)(-(apache|fpm|alpine|php8\.\d|fpm-alpine))*$/,
  sizeBytes: megabytes(240),
  base: 'debian',
  wrapper: { path: '/usr/local/bin/docker-entrypoint.sh', server: 'apache2-foreground' },
  entrypoint: ['docker-entrypoint.sh'],
  cmd: ['apache2-foreground'],
  programs: { '/usr/local/bin/apache2-foreground': 'apache2-foreground', '/usr/bin/curl': 'curl' },
  files: { '/var/www/html/index.html': '<html><body>WordPress</body></html>\n' },
  ports: [80],
  workingDir: '/var/www/html',
})
