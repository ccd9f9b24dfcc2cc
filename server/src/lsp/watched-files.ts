/**
 * The files whose coming, changing and going may change what is said about another one: configuration, what decides a build
 * context, and the manifests that tell which language a project is written in.
 */
const names = [
  '.shipshape.{yaml,yml}',
  '.hadolint.{yaml,yml}',
  '{.dockerignore,*.dockerignore,.containerignore}',
  '{Dockerfile,Containerfile}{,.*}',
  '*.{dockerfile,Dockerfile,containerfile}',
  '{compose,docker-compose}*.{yml,yaml}',
  '.env',
  'package.json',
  '{package-lock.json,npm-shrinkwrap.json,yarn.lock,pnpm-lock.yaml,bun.lock,bun.lockb}',
  '{requirements*.txt,pyproject.toml,setup.py,Pipfile,Pipfile.lock,poetry.lock,uv.lock,environment.yml}',
  '{go.mod,go.sum,Cargo.toml,Cargo.lock,Gemfile,Gemfile.lock,composer.json,composer.lock,mix.exs,deno.json}',
  '{pom.xml,build.gradle,build.gradle.kts,settings.gradle,build.sbt,gradlew,mvnw}',
  '*.{csproj,fsproj,vbproj,sln,slnx}',
];

export const watchedFiles: readonly string[] = names.map((name) => `**/${name}`);
