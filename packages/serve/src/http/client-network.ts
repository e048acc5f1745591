/** @module The network that a client's address stands for. */

/** Only a proxy on the same machine, or a developer, has one of these. */
const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/i;

export const isLoopback = (address: string): boolean => LOOPBACK.test(address);

/**
 * What rate limits count: an IPv4 address, or the first 64 bits of an IPv6 address, since a subscriber has at least that
 * many addresses (RFC 6177). An IPv4 address written as IPv6 is that IPv4 address.
 *
 * @example clientNetwork('2001:db8:1:2:3::4') // '2001:db8:1:2::/64'
 * @returns undefined if the text is no address
 */
export function clientNetwork(address: string): string | undefined {
  const bare = address.split('%', 1)[0]!;
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(bare)) return bare;
  // The URL parser writes IPv6 addresses in hexadecimal, even their IPv4 part, and shortens the longest run of zeros.
  if (!bare.includes(':') || !URL.canParse(`http://[${bare}]`)) return undefined;
  const [head, tail] = new URL(`http://[${bare}]`).hostname.slice(1, -1).split('::') as [string, string?];
  const before = head === '' ? [] : head.split(':');
  const after = tail ? tail.split(':') : [];
  const groups = [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after];
  if (groups.slice(0, 5).every((group) => group === '0') && groups[5] === 'ffff') {
    return groups
      .slice(6)
      .flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255])
      .join('.');
  }
  return `${groups.slice(0, 4).join(':')}::/64`;
}
