import type { AzureError } from './azure-error.ts';
import { openSettings, retry, showLog, type Explanation } from './explanation.ts';

const unknownAuthority = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
  'CERT_SIGNATURE_FAILURE',
]);

/** Nothing of Azure has answered: the network, a proxy, a certificate. */
export function explainConnection(error: AzureError): Explanation {
  const host = hostOf(error.request);
  const { code } = error;
  const isQuestion = /^(GET|HEAD) /.test(error.request);
  const unsure = isQuestion ? 'check the connection' : 'it may or may not have done what was asked';
  if (unknownAuthority.has(code)) {
    return {
      message: `The certificate of '${host}' is not trusted: add its authority to NODE_EXTRA_CA_CERTS or to the system`,
      action: openSettings('http.systemCertificates'),
    };
  }
  switch (code) {
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return {
        message: `The certificate of '${host}' is not valid today: check the clock of this machine`,
        action: retry,
      };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return {
        message: `'${host}' shows a certificate of somebody else: check the proxy`,
        action: openSettings('http.proxy'),
      };
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return { message: `'${host}' cannot be found: check the connection and the proxy`, action: retry };
    case 'ECONNREFUSED':
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
      return { message: `'${host}' cannot be reached: check the connection and the proxy`, action: retry };
    case 'ETIMEDOUT':
    case 'ESOCKETTIMEDOUT':
      return { message: `'${host}' does not answer: ${unsure}`, action: retry };
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ERR_STREAM_PREMATURE_CLOSE':
      return {
        message: `The connection to '${host}' broke off: ${unsure}`,
        action: retry,
      };
    case 'WebPage':
    case 'Http301':
    case 'Http302':
    case 'Http303':
    case 'Http307':
      return {
        message: `A web page came back instead of an answer of '${host}': check the proxy, or sign in to the network`,
        action: openSettings('http.proxy'),
      };
    case 'ForeignAddress':
      return {
        message: `Azure named the address '${host}', which is not its own: nothing was sent there`,
        action: showLog,
      };
  }
  if (error.status === 407) {
    return {
      message: 'The proxy wants to know who you are: set its user and password',
      action: openSettings('http.proxy'),
    };
  }
  if (/^(EPROTO|ERR_SSL|ERR_TLS)/.test(code)) {
    return {
      message: `No safe connection to '${host}' can be made: check the proxy`,
      action: openSettings('http.proxy'),
    };
  }
  return { message: `There is no answer of '${host}' (${code}): check the connection`, action: retry };
}

function hostOf(request: string): string {
  return /https?:\/\/([^/\s]+)/.exec(request)?.[1] ?? 'Azure';
}
