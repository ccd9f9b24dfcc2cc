import type { Cause } from '../cause.ts';

/** A script with the line ends of Windows asks for an interpreter named `sh\r`. */
export const lineEnds: Cause = {
  id: 'line-ends',
  adviceOn: ({ said }) =>
    /\$'\\r': command not found|env: .*\\r'?: No such file|sh\^M|\/(?:ba)?sh\r|: not found\r$|invalid option(?: name)?: .*\\r/m.test(
      said,
    )
      ? { advice: 'A script has the line ends of Windows (CRLF): save it with LF' }
      : undefined,
};
