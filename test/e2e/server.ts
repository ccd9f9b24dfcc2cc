import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Parts } from './prepare.ts';

/** A VS Code server on a free loopback port, with user data and extensions of its own under one folder. */
export interface Server {
  readonly url: string;
  /** Where VS Code, the extension host and the extensions write their logs. */
  readonly logs: string;
  /** What VS Code and the extensions keep for each workspace. */
  readonly storage: string;
  /** The user's settings for the windows opened from now on. */
  writeSettings(settings: Settings): void;
  /** Ends every process of the server and removes its folder. */
  stop(): void;
}

export type Settings = Readonly<Record<string, unknown>>;

export async function startServer(
  { codeServer, vsix }: Parts,
  home: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<Server> {
  const user = join(home, 'user-data', 'User');
  const machine = join(home, 'user-data', 'Machine');
  for (const folder of [user, machine]) mkdirSync(folder, { recursive: true });
  const folders = [
    ...['--user-data-dir', join(home, 'user-data'), '--extensions-dir', join(home, 'extensions')],
    // Without it code-server writes a configuration with a password into the home of whoever runs the tests.
    ...['--config', join(home, 'config.yaml')],
  ];
  const start = (...args: string[]): ChildProcess =>
    spawn(codeServer.command, [...codeServer.args, ...folders, ...args], {
      // A group of its own, so that the extension hosts end with it.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...outside(codeServer.env), ...environment },
    });

  const server = { running: start('--install-extension', vsix) };
  const stop = (): void => {
    end(server.running);
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    process.off('exit', stop);
    for (const signal of signals) process.off(signal, exit);
  };
  process.on('exit', stop);
  for (const signal of signals) process.on(signal, exit);
  try {
    await untilInstalled(server.running);
    server.running = start(
      ...[
        '--auth',
        'none',
        '--bind-addr',
        '127.0.0.1:0',
        '--reconnection-grace-time',
        '2',
        '--idle-timeout-seconds',
        '300',
      ],
      ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override', '--disable-proxy'],
    );
    return {
      url: await addressOf(server.running),
      logs: join(home, 'user-data', 'logs'),
      storage: join(user, 'workspaceStorage'),
      writeSettings: (settings) => {
        writeFileSync(join(user, 'settings.json'), toJson({ ...quiet, ...settings }));
        // What is a matter of the machine is not taken from the user's own settings.
        const ofMachine = Object.entries(settings).filter(([name]) => name.endsWith('.path'));
        writeFileSync(join(machine, 'settings.json'), toJson(Object.fromEntries(ofMachine)));
      },
      stop,
    };
  } catch (error) {
    stop();
    throw error;
  }
}

/** Nothing that calls home, pops up or moves by itself: a window shows the editor and the extension only. */
export const quiet: Settings = {
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'workbench.colorTheme': 'Dark 2026',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.editor.useModal': 'off',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.layoutControl.enabled': false,
  'window.commandCenter': false,
  'window.menuBarVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'git.enabled': false,
  'npm.autoDetect': 'off',
  'remote.autoForwardPorts': false,
  'security.workspace.trust.enabled': false,
  // What a scenario types arrives as it is.
  'editor.autoClosingBrackets': 'never',
  'editor.autoIndent': 'none',
  'editor.minimap.enabled': false,
  // Drawn as text that can be read back.
  'terminal.integrated.gpuAcceleration': 'off',
  'editor.stickyScroll.enabled': false,
  'editor.cursorBlinking': 'solid',
  'editor.hover.delay': 100,
  'editor.lightbulb.enabled': 'off',
};

export function toJson(settings: Settings): string {
  return `${JSON.stringify(settings, undefined, 2)}\n`;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function exit(): void {
  process.exit(1);
}

async function untilInstalled(installer: ChildProcess): Promise<void> {
  const said = everythingSaid(installer);
  const [code] = (await once(installer, 'close')) as [number | null];
  if (code !== 0) throw new Error(`VS Code did not install the extension:\n${said()}`);
}

async function addressOf(server: ChildProcess): Promise<string> {
  const said = everythingSaid(server);
  const deadline = setTimeout(() => end(server), 60_000);
  try {
    if (!server.stdout) throw new Error('VS Code has no output to read its address from');
    for await (const line of createInterface(server.stdout)) {
      const address = /listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
      if (address) return address;
    }
  } finally {
    clearTimeout(deadline);
  }
  throw new Error(`VS Code did not start:\n${said()}`);
}

/** Also keeps the pipes from filling up, which would stop the program. */
function everythingSaid(child: ChildProcess): () => string {
  const parts: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part: Buffer) => parts.push(part));
  return () => Buffer.concat(parts).toString();
}

function end(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended by itself just now.
  }
}

/** In a terminal of VS Code its variables would turn the server into a client of that window. */
function outside(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !/^(VSCODE_|NODE_OPTIONS|NODE_TEST)/.test(name)),
  );
}
