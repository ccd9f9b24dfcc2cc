import { docker as run, ensureBaseImage, baseImage } from '../../docker/docker.ts';
import { execFileSync } from 'node:child_process';
import { docker } from './docker-client.ts';

const name = 'shipshape-test/placeholder:1';

/** Stands for Microsoft's public sample images: answers every request on port 80, as they do. Made once per machine. */
export async function ensurePlaceholder(): Promise<{ readonly digest: string; readonly id: string }> {
  if ((await docker(['image', 'inspect', name])).code !== 0) build();
  const id = run('image', 'inspect', '--format', '{{.Id}}', name);
  return { digest: id, id };
}

function build(): void {
  ensureBaseImage();
  const lines = [
    `FROM ${baseImage}`,
    'RUN mkdir /www && echo "Your app is being made ready" >/www/index.html',
    'EXPOSE 80',
    'CMD ["httpd", "-f", "-p", "80", "-h", "/www"]',
  ];
  execFileSync('docker', ['build', '--quiet', '--tag', name, '-'], {
    input: lines.join('\n'),
    stdio: ['pipe', 'ignore', 'pipe'],
  });
}
