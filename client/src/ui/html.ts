export interface Page {
  readonly title: string;
  /** Goes into the policy by which only our own style, and our own script, are applied. */
  readonly nonce: string;
  readonly style: string;
  /** What stands in it, as markup. */
  readonly main: string;
  /** For a page that needs more than text and links. */
  readonly files?: PageFiles;
}

/** Addresses under which the editor serves files of ours. */
export interface PageFiles {
  /** Where all of them come from. */
  readonly source: string;
  readonly style: string;
  readonly script: string;
}

/** A whole page for the editor. It connects to nothing; without files it has no script, and all it can do is follow its links to our commands. */
export function htmlPage({ title, nonce, style, main, files }: Page): string {
  const own = `'nonce-${nonce}'`;
  const policy =
    files === undefined
      ? `default-src 'none'; style-src ${own}`
      : `default-src 'none'; style-src ${htmlEscaped(files.source)} ${own}; script-src ${own}`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${htmlEscaped(title)}</title>
${files === undefined ? '' : `<link rel="stylesheet" href="${htmlEscaped(files.style)}">\n`}<style nonce="${nonce}">${style}</style>
</head>
<body>
<main>${main}</main>
${files === undefined ? '' : `<script nonce="${nonce}" src="${htmlEscaped(files.script)}"></script>\n`}</body>
</html>
`;
}

/** For text and attributes of our pages: what comes from an image or a report is never read as markup. */
export function htmlEscaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
