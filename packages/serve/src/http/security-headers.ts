/** @module Security headers of every answer, API and gallery. */

const CONTENT_SECURITY_POLICY = {
  'default-src': "'self'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  // The Studio's photos stay on the visitor's device: pages and workers can reach nothing but this server.
  'connect-src': "'self'",
  'worker-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data: blob:",
  'media-src': "'self' blob:",
  'object-src': "'none'",
  'base-uri': "'none'",
  'form-action': "'self'",
  // Framed by another site, the Studio's buttons could be clicked unnoticed. Pictures can be embedded anywhere.
  'frame-ancestors': "'self'",
};

/** The opener and embedder policies isolate the page, which browsers require for WebAssembly threads. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': Object.entries(CONTENT_SECURITY_POLICY)
    .map((directive) => directive.join(' '))
    .join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  // Other isolated pages may embed the pictures.
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'strict-origin-when-cross-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** For answers over HTTPS only: browsers ignore it otherwise. */
export const TRANSPORT_SECURITY = 'max-age=31536000';
