package dev.replicator.net.identity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/*
 * The only class that names BouncyCastle. Its jars are signed: the first class out of them has the
 * JVM read manifests of thousands of lines and keep them, and a node that has its key needs none.
 */

/** Certificates that carry a key and say nothing else. */
final class SelfSigned {
  private static final Instant VALID_FROM = Instant.parse("2000-01-01T00:00:00Z");
  private static final Instant VALID_TO = Instant.parse("9999-12-31T23:59:59Z");
  private static final int SERIAL_BITS = 120;

  private SelfSigned() {}

  static X509Certificate certificate(KeyPair pair) throws GeneralSecurityException {
    X500Name subject = new X500Name("CN=replicator");
    BigInteger serial = new BigInteger(SERIAL_BITS, new SecureRandom()).add(BigInteger.ONE);
    try {
      byte[] der =
          new JcaX509v3CertificateBuilder(
                  subject,
                  serial,
                  Date.from(VALID_FROM),
                  Date.from(VALID_TO),
                  subject,
                  pair.getPublic())
              .build(new JcaContentSignerBuilder(NodeKey.SIGNATURE).build(pair.getPrivate()))
              .getEncoded();
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException("no certificate can be signed", e);
    } catch (IOException e) {
      throw new IllegalStateException("a certificate in memory cannot be encoded", e);
    }
  }
}
