export const helpText = `Shipshape lints Dockerfiles and Compose files.

Usage
  shipshape lint [paths or globs] [options]   the current folder when no path is given
  shipshape explain RULE                      a rule by its id, or by another linter's: DL3007
  shipshape rules [--format json]             all rules

Options of lint
  --preset PRESET        recommended, strict or all; beats the config file
  --format FORMAT        pretty, json, sarif, github, gitlab or junit
  --output FILE          write the report there instead of to standard output
  --fail-on SEVERITY     error (default), warning, info, hint or never
  --fix                  apply fixes that keep the meaning of a file
  --fix-unsafe           apply all fixes: look at the result before you commit it
  --stdin                lint standard input; with --fix, print the fixed text
  --stdin-filename FILE  the name that standard input goes by

  --help, --version

Exit codes
  0  no problem as severe as --fail-on
  1  problems
  2  wrong usage, or a file that cannot be read
`;
