/** What Azure, a proxy or a library says may quote what was sent. No token, signature or query goes into an error or a log. */
export function redact(text: string): string {
  const shown = text
    .replace(/\beyJ[\w-]{8,}(\.[\w-]*)*/g, '<token>')
    .replace(/\b(Bearer|Basic)\s+[\w+/=.~-]{8,}/gi, '$1 <token>')
    .replace(/(https?:\/\/[^\s?"'<>]+)\?[^\s"'<>)]*/gi, '$1')
    .replace(
      /\b(sig|signature|client_secret|password|access_token|refresh_token|assertion)=[^\s&"'<>]+/gi,
      '$1=<hidden>',
    );
  return shown.length > mostCharacters ? `${shown.slice(0, mostCharacters)} …` : shown;
}

const mostCharacters = 2000;

/** An address as far as it may be shown. */
export function withoutQuery(url: string): string {
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}
