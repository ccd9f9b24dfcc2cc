import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

/** A certificate authority of our own and one certificate for 127.0.0.1, made in a few milliseconds with nothing but Node. */
export interface Authority {
  /** What clients trust. */
  readonly certificate: string;
  /** What our servers show. */
  readonly server: { readonly key: string; readonly cert: string };
}

export function createAuthority(): Authority {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const server = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = 'Local Azure authority';
  const id = createHash('sha1')
    .update(authority.publicKey.export({ type: 'spki', format: 'der' }))
    .digest();
  const certificate = certify({
    subject: issuer,
    issuer,
    publicKey: authority.publicKey,
    signer: authority.privateKey,
    // basicConstraints: an authority. keyUsage: signs certificates.
    extensions: [
      extension('551d13', sequence(der(0x01, Buffer.from([0xff]))), true),
      keyUsage(0x02, 0x04),
      // subjectKeyIdentifier, which strict clients want.
      extension('551d0e', der(0x04, id)),
    ],
  });
  const cert = certify({
    subject: '127.0.0.1',
    issuer,
    publicKey: server.publicKey,
    signer: authority.privateKey,
    extensions: [
      keyUsage(0x07, 0x80),
      // authorityKeyIdentifier.
      extension('551d23', sequence(der(0x80, id))),
      // extendedKeyUsage: serverAuth.
      extension('551d25', sequence(oid('2b06010505070301'))),
      // subjectAltName: the address and, as browsers and curl like it, the name.
      extension('551d11', sequence(der(0x87, Buffer.from([127, 0, 0, 1])), der(0x82, Buffer.from('localhost')))),
    ],
  });
  return {
    certificate,
    server: { key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert },
  };
}

/** An X.509 certificate (RFC 5280, section 4.1), signed with ECDSA and SHA-256. */
function certify(parts: {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  readonly signer: KeyObject;
  readonly extensions: readonly Buffer[];
}): string {
  const algorithm = sequence(oid('2a8648ce3d040302'));
  const now = Date.now();
  const day = 24 * 60 * 60 * 1000;
  const content = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([0x01]), randomBytes(15)])),
    algorithm,
    nameOf(parts.issuer),
    sequence(time(now - day), time(now + 7 * day)),
    nameOf(parts.subject),
    parts.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...parts.extensions)),
  );
  const signature = sign('sha256', content, parts.signer);
  const whole = sequence(content, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = whole.toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function nameOf(commonName: string): Buffer {
  return sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(commonName)))));
}

function keyUsage(unusedBits: number, bits: number): Buffer {
  return extension('551d0f', der(0x03, Buffer.from([unusedBits, bits])), true);
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  return sequence(oid(id), ...(critical ? [der(0x01, Buffer.from([0xff]))] : []), der(0x04, value));
}

/** UTCTime: `YYMMDDhhmmssZ`. */
function time(moment: number): Buffer {
  const digits = new Date(moment).toISOString().replace(/[-:T]/g, '').slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`));
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function der(tag: number, content: Buffer): Buffer {
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}
