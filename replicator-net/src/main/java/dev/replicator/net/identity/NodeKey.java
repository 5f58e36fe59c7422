package dev.replicator.net.identity;

import dev.replicator.model.Digest;
import dev.replicator.model.NodeId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Optional;

/**
 * The key pair of this node with the certificate that carries it. The certificate says nothing but
 * the key: no name, no authority and no date in it is ever looked at.
 */
public final class NodeKey {
  public static final String KEY_FILE = "key.pem";
  public static final String CERTIFICATE_FILE = "cert.pem";

  private static final String KEY_LABEL = "PRIVATE KEY";
  private static final String CERTIFICATE_LABEL = "CERTIFICATE";
  private static final String CURVE = "secp256r1";
  static final String SIGNATURE = "SHA256withECDSA";

  private final PrivateKey secret;
  private final X509Certificate certificate;
  private final NodeId node;

  private NodeKey(PrivateKey secret, X509Certificate certificate) {
    this.secret = secret;
    this.certificate = certificate;
    this.node = nodeOf(certificate.getPublicKey());
  }

  /** The key in {@code stateDirectory}, which is drawn when there is none yet. */
  public static NodeKey loadOrCreate(Path stateDirectory) throws IdentityException {
    try {
      if (!Files.isDirectory(stateDirectory)) {
        Files.createDirectories(
            stateDirectory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      Path keyFile = stateDirectory.resolve(KEY_FILE);
      KeyFiles.checkSecret(keyFile);
      Optional<byte[]> encoded = KeyFiles.read(keyFile, KEY_LABEL);
      return encoded.isPresent() ? load(stateDirectory, encoded.get()) : create(stateDirectory);
    } catch (IOException e) {
      throw new IdentityException("the key in " + stateDirectory + " cannot be used: " + e, e);
    } catch (GeneralSecurityException e) {
      throw new IdentityException(
          "the key in " + stateDirectory + " is damaged: " + e.getMessage(), e);
    }
  }

  /** A key that no file holds: for tests and demonstrations. */
  public static NodeKey ephemeral() {
    try {
      KeyPair pair = draw();
      return new NodeKey(pair.getPrivate(), SelfSigned.certificate(pair));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK draws no EC keys", e);
    }
  }

  /** The node that holds the secret half of {@code key}. */
  public static NodeId nodeOf(PublicKey key) {
    try {
      return new NodeId(Digest.of(MessageDigest.getInstance("SHA-256").digest(key.getEncoded())));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  public NodeId node() {
    return node;
  }

  public X509Certificate certificate() {
    return certificate;
  }

  PrivateKey secret() {
    return secret;
  }

  private static NodeKey create(Path directory) throws IOException, GeneralSecurityException {
    KeyPair pair = draw();
    X509Certificate certificate = SelfSigned.certificate(pair);
    // The certificate comes first: a key without one would otherwise lose its public half.
    KeyFiles.write(
        directory.resolve(CERTIFICATE_FILE), CERTIFICATE_LABEL, certificate.getEncoded());
    KeyFiles.write(directory.resolve(KEY_FILE), KEY_LABEL, pair.getPrivate().getEncoded());
    return new NodeKey(pair.getPrivate(), certificate);
  }

  private static NodeKey load(Path directory, byte[] encoded)
      throws IOException, IdentityException, GeneralSecurityException {
    PrivateKey secret =
        KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded));
    Path file = directory.resolve(CERTIFICATE_FILE);
    byte[] der =
        KeyFiles.read(file, CERTIFICATE_LABEL)
            .orElseThrow(() ->
                new IdentityException(
                    file
                        + " is missing beside the key: restore both from one backup, or"
                        + " remove the key too and pair this node again"));
    X509Certificate certificate =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(der));
    if (!(secret instanceof ECPrivateKey) || !belongsTogether(secret, certificate)) {
      throw new IdentityException(
          file + " is not of the key beside it: restore both from one backup");
    }
    return new NodeKey(secret, certificate);
  }

  private static boolean belongsTogether(PrivateKey secret, X509Certificate certificate)
      throws GeneralSecurityException {
    byte[] challenge = new byte[32];
    new SecureRandom().nextBytes(challenge);
    Signature signing = Signature.getInstance(SIGNATURE);
    signing.initSign(secret);
    signing.update(challenge);
    Signature checking = Signature.getInstance(SIGNATURE);
    checking.initVerify(certificate.getPublicKey());
    checking.update(challenge);
    return checking.verify(signing.sign());
  }

  private static KeyPair draw() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(CURVE));
    return generator.generateKeyPair();
  }
}
