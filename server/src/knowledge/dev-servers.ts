/** A command that serves an application for its developers: one process, no hardening, reloads, debuggers. */
export interface DevServer {
  readonly framework: string;
  /** Names of the program; `python -m flask` counts as `flask`. */
  readonly programs: readonly string[];
  /** The first argument that is no flag must be one of these; the empty string stands for none. */
  readonly subcommands?: readonly string[];
  /** At least one of these flags must be given. */
  readonly flags?: readonly string[];
  /** One argument must match. */
  readonly argument?: RegExp;
  /** With the variable set to `production` (or `prod`) it is the real thing. */
  readonly unless?: string;
  /** What to run instead; `{port}`, `{app}` (Python `module:object`) and `{file}` are filled in. */
  readonly production?: readonly string[];
  /** Without these flags (and those that go on from them, as `--reload-dir` from `--reload`) it is the production server. */
  readonly drops?: readonly string[];
  /** With the second word in the place of the first it is the production server. */
  readonly swaps?: readonly [string, string];
  /** What to say where there is no single command to put in its place. */
  readonly advice?: string;
}

const staticSite = "serve the build's output with nginx";
const release = 'start the built program';

export const devServers: readonly DevServer[] = [
  {
    framework: 'Flask',
    programs: ['flask'],
    argument: /^run$/,
    production: ['gunicorn', '--bind', '0.0.0.0:{port}', '{app}'],
  },
  {
    framework: 'Quart',
    programs: ['quart'],
    argument: /^run$/,
    production: ['hypercorn', '--bind', '0.0.0.0:{port}', '{app}'],
  },
  {
    framework: 'Django',
    programs: ['python', 'manage.py', 'django-admin', 'django'],
    argument: /^runserver(?:_plus)?$/,
    production: ['gunicorn', '--bind', '0.0.0.0:{port}', '{app}'],
  },
  {
    framework: 'Uvicorn',
    programs: ['uvicorn', 'gunicorn', 'hypercorn', 'granian'],
    flags: ['--reload'],
    drops: ['--reload'],
  },
  { framework: 'FastAPI', programs: ['fastapi'], subcommands: ['dev'], swaps: ['dev', 'run'] },
  {
    framework: 'Sanic',
    programs: ['sanic'],
    flags: ['--dev', '--debug', '--reload', '-d', '-r'],
    drops: ['--dev', '--debug', '--reload', '-d', '-r'],
  },
  {
    framework: 'Litestar',
    programs: ['litestar'],
    flags: ['--reload', '--debug', '-r', '-d'],
    drops: ['--reload', '--debug', '-r', '-d'],
  },
  { framework: 'Pyramid', programs: ['pserve'], flags: ['--reload'], drops: ['--reload'] },
  { framework: 'http.server', programs: ['http.server', 'SimpleHTTPServer'], advice: 'serve files with nginx' },
  { framework: 'Next.js', programs: ['next'], subcommands: ['dev', ''], advice: "build it and use 'next start'" },
  {
    framework: 'Nuxt',
    programs: ['nuxt', 'nuxi'],
    subcommands: ['dev'],
    production: ['node', '.output/server/index.mjs'],
  },
  { framework: 'Vite', programs: ['vite'], subcommands: ['', 'dev', 'serve', 'preview'], advice: staticSite },
  {
    framework: 'Create React App',
    programs: ['react-scripts', 'craco', 'react-app-rewired'],
    subcommands: ['start'],
    advice: staticSite,
  },
  { framework: 'Vue CLI', programs: ['vue-cli-service'], subcommands: ['serve'], advice: staticSite },
  { framework: 'Angular', programs: ['ng'], subcommands: ['serve', 's', 'dev'], advice: staticSite },
  {
    framework: 'nodemon',
    programs: ['nodemon'],
    production: ['node', '{file}'],
    advice: 'start it with node',
  },
  { framework: 'Node.js watch mode', programs: ['node'], flags: ['--watch', '--watch-path'], drops: ['--watch'] },
  { framework: 'ts-node-dev', programs: ['ts-node-dev', 'tsnd'], advice: 'compile to JavaScript and run it with node' },
  { framework: 'ts-node', programs: ['ts-node', 'ts-node-esm'], advice: 'compile to JavaScript and run it with node' },
  { framework: 'tsx', programs: ['tsx'], subcommands: ['watch'], advice: 'compile to JavaScript and run it with node' },
  { framework: 'Bun', programs: ['bun'], flags: ['--watch', '--hot'], drops: ['--watch', '--hot'] },
  { framework: 'Deno', programs: ['deno'], flags: ['--watch', '--watch-hmr'], drops: ['--watch'] },
  { framework: 'NestJS', programs: ['nest'], subcommands: ['start'], production: ['node', 'dist/main.js'] },
  { framework: 'webpack', programs: ['webpack'], subcommands: ['serve', 's', 'server', 'watch'], advice: staticSite },
  { framework: 'webpack', programs: ['webpack-dev-server'], advice: staticSite },
  { framework: 'Parcel', programs: ['parcel'], subcommands: ['', 'serve', 'watch'], advice: staticSite },
  { framework: 'Rspack', programs: ['rspack', 'rsbuild'], subcommands: ['serve', 'dev'], advice: staticSite },
  { framework: 'Gatsby', programs: ['gatsby'], subcommands: ['develop'], advice: staticSite },
  { framework: 'Astro', programs: ['astro'], subcommands: ['dev', 'preview'], advice: staticSite },
  {
    framework: 'Remix',
    programs: ['remix', 'react-router'],
    subcommands: ['dev', 'vite:dev'],
    advice: 'build it and serve the build',
  },
  { framework: 'Docusaurus', programs: ['docusaurus'], subcommands: ['start'], advice: staticSite },
  { framework: 'VitePress', programs: ['vuepress', 'vitepress'], subcommands: ['dev'], advice: staticSite },
  { framework: 'Storybook', programs: ['storybook', 'start-storybook'], subcommands: ['dev', ''], advice: staticSite },
  {
    framework: 'live-server',
    programs: ['live-server', 'browser-sync', 'lite-server'],
    advice: 'serve files with nginx',
  },
  { framework: 'Strapi', programs: ['strapi'], subcommands: ['develop', 'dev'], production: ['strapi', 'start'] },
  { framework: 'Medusa', programs: ['medusa'], subcommands: ['develop'], production: ['medusa', 'start'] },
  {
    framework: 'Rails',
    programs: ['rails'],
    subcommands: ['server', 's'],
    unless: 'RAILS_ENV',
    production: ['bundle', 'exec', 'puma', '-C', 'config/puma.rb'],
  },
  { framework: 'Rails foreman', programs: ['bin/dev'], production: ['bundle', 'exec', 'puma', '-C', 'config/puma.rb'] },
  { framework: 'Sinatra', programs: ['shotgun', 'rerun'], advice: 'use puma' },
  { framework: 'Jekyll', programs: ['jekyll'], subcommands: ['serve', 'server', 's'], advice: staticSite },
  { framework: "PHP's built-in server", programs: ['php'], flags: ['-S'], advice: 'use php-fpm or the apache variant' },
  { framework: 'Laravel', programs: ['php', 'artisan'], argument: /^serve$/, advice: 'use php-fpm or Octane' },
  {
    framework: 'Symfony',
    programs: ['symfony'],
    subcommands: ['serve', 'server:start', 'local:server:start'],
    advice: 'use php-fpm',
  },
  { framework: '.NET watch', programs: ['dotnet'], subcommands: ['watch'], advice: 'publish it and run the assembly' },
  { framework: 'dotnet run', programs: ['dotnet'], subcommands: ['run'], advice: 'publish it and run the assembly' },
  { framework: 'go run', programs: ['go'], subcommands: ['run'], advice: release },
  { framework: 'Go reloader', programs: ['air', 'reflex', 'CompileDaemon', 'gow', 'modd'], advice: release },
  { framework: 'cargo run', programs: ['cargo'], subcommands: ['run', 'r', 'watch'], advice: release },
  {
    framework: 'Spring Boot',
    programs: ['mvn', 'mvnw'],
    argument: /^(?:spring-boot:run|quarkus:dev|mn:run|jetty:run|exec:java)$/,
    advice: 'run the packaged jar',
  },
  {
    framework: 'Gradle',
    programs: ['gradle', 'gradlew'],
    argument: /^(?::?\w+:)*(?:bootRun|quarkusDev|run|appRun)$/,
    advice: 'run the packaged jar',
  },
  { framework: 'Quarkus', programs: ['quarkus'], subcommands: ['dev'], advice: 'run the packaged jar' },
  { framework: 'sbt', programs: ['sbt'], argument: /^~?\s*(?:run|reStart)/, advice: 'run the staged application' },
  {
    framework: 'Phoenix',
    programs: ['mix'],
    subcommands: ['phx.server', 'phoenix.server'],
    unless: 'MIX_ENV',
    advice: 'start a release',
  },
  { framework: 'Hugo', programs: ['hugo'], subcommands: ['server', 'serve'], advice: staticSite },
  { framework: 'MkDocs', programs: ['mkdocs'], subcommands: ['serve'], advice: staticSite },
  { framework: 'mdBook', programs: ['zola', 'mdbook'], subcommands: ['serve', 'watch'], advice: staticSite },
  { framework: 'Flutter', programs: ['flutter'], subcommands: ['run'], advice: staticSite },
  { framework: 'Swift', programs: ['swift'], subcommands: ['run'], advice: release },
  {
    framework: 'Vault',
    programs: ['vault', 'consul', 'nomad'],
    flags: ['-dev'],
    advice: 'start it with a configuration',
  },
  { framework: 'Keycloak', programs: ['kc.sh'], subcommands: ['start-dev'], advice: "use 'start --optimized'" },
];
