/**
 * Who a token is of, for people to read: a mail address, or the id of an application. `undefined` where it does not say. Nothing is
 * decided by it, as nobody has checked the token.
 */
export function accountOf(token: string): string | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    if (typeof claims !== 'object' || claims === null) return undefined;
    const told = new Map(Object.entries(claims));
    return ['upn', 'preferred_username', 'unique_name', 'email', 'appid', 'azp', 'oid']
      .map((name) => told.get(name) as unknown)
      .find((value) => typeof value === 'string' && value !== '') as string | undefined;
  } catch {
    return undefined;
  }
}
