import type { Cause } from '../cause.ts';

const untrusted =
  /certificate signed by unknown authority|SSL certificate problem|CERTIFICATE_VERIFY_FAILED|UNABLE_TO_GET_ISSUER_CERT(?:_LOCALLY)?|SELF_SIGNED_CERT_IN_CHAIN|self[- ]signed certificate|server certificate verification failed|unable to get local issuer certificate|certificate verify failed/i;
const noAuthorities =
  /error setting certificate (?:verify locations|file)|curl: \(77\)|CAfile: none|No system certificates available/i;

/** The image trusts nobody, or not the proxy that opens what passes. */
export const certificate: Cause = {
  id: 'certificate',
  adviceOn: ({ said, instruction }) => {
    if (/certificate (?:has expired|is not yet valid)|not valid yet \(invalid for another/i.test(said))
      return { advice: "A certificate or a release is out of its time: check the machine's clock, or a newer image" };
    if (noAuthorities.test(said))
      return { advice: "The image trusts no certificates: install 'ca-certificates' first" };
    if (!untrusted.test(said)) return undefined;
    return {
      advice:
        instruction?.keyword === 'RUN'
          ? "A server's certificate is not trusted: install 'ca-certificates', or add your proxy's own"
          : "The registry's certificate is not trusted: add its authority to Docker's",
    };
  },
};
