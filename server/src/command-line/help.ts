import { promiseIds } from '../../../client/src/prove/promise.ts';

const half = Math.ceil(promiseIds.length / 2);
const checks = [promiseIds.slice(0, half), promiseIds.slice(half)]
  .map((ids) => `${' '.repeat(25)}${ids.join(', ')}`)
  .join(',\n');

export const helpText = `Shipshape lints Dockerfiles and Compose files, proves images, and deploys them to Azure.

Usage
  shipshape lint [paths or globs] [options]   the current folder when no path is given
  shipshape explain RULE                      a rule by its id, or by another linter's: DL3007
  shipshape rules [--format json]             all rules
  shipshape prove IMAGE [options] [-- COMMAND]  run an image as production will; COMMAND tells when it is ready
  shipshape deploy --plan|--apply [FOLDER]    what FOLDER/.shipshape/deploy.yaml says: show the plan, or carry it out

Options of lint
  --preset PRESET        recommended, strict or all; beats the config file
  --format FORMAT        pretty, json, sarif, github, gitlab or junit
  --output FILE          write the report there instead of to standard output
  --fail-on SEVERITY     error (default), warning, info, hint or never
  --fix                  apply fixes that keep the meaning of a file
  --fix-unsafe           apply all fixes: look at the result before you commit it
  --stdin                lint standard input; with --fix, print the fixed text
  --stdin-filename FILE  the name that standard input goes by

Options of prove
  --format FORMAT        pretty, json or junit
  --output FILE          write the report there instead of to standard output
  --checks A,B           only these of
${checks}
  --skip A,B             all but these
  --env NAME=VALUE       for the app; NAME alone takes the value it has here
  --memory SIZE          what the app may take (512m), and --cpus NUMBER (1)
  --size-target MB       how large the image may be (250)
  --start-timeout S      seconds to get ready (30), and --stop-timeout S to stop (10)
  --writable FOLDER      may be written to, besides /tmp, while the rest is read-only
  --dockerfile FILE      name its lines in the report; --target STAGE if it was built so
  --tool TOOL            docker, podman or nerdctl; the first that answers when not given

Options of deploy
  --plan                 show what would be done; --exit-code ends with 3 if that is anything
  --apply                do it; run it again to go on after an interruption
  --target TARGET        which target of the file, if there are several
  --format FORMAT        text or json; --output FILE to write it there
  --sign-in WAY          auto (default), azureCli, deviceCode, environment, workloadIdentity or managedIdentity
  --cloud CLOUD          public (default), usGovernment or china; --endpoint URL for a private one
  --journal FILE         remember there how far it came
  --verbose              show the logs of builds also when all goes well

  --help, --version

Exit codes
  0  no problem as severe as --fail-on; all promises kept; planned or deployed
  1  problems; a broken promise; a plan that cannot begin, or a deployment that failed
  2  wrong usage, or what cannot be read, run or proved
  3  deploy --plan --exit-code: there is something to do
  130  interrupted
`;
