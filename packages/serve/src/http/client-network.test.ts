import { expect, test } from 'vitest';
import { clientNetwork, isLoopback } from './client-network.ts';

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['::FFFF:cb00:7107', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
  ['2001:db8:1:2:0:0:0:9', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['1::', '1:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['2001:db8::203.0.113.7', '2001:db8:0:0::/64'],
  ['unknown', undefined],
  ['_hidden', undefined],
  ['', undefined],
  ['1.2.3', undefined],
  ['1::2::3', undefined],
  ['example.com:80', undefined],
])('%s is of %s', (address, network) => {
  expect(clientNetwork(address)).toBe(network);
});

test.each([
  ['127.0.0.1', true],
  ['127.8.9.1', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['128.0.0.1', false],
  ['::10', false],
  ['fe80::1', false],
])('%s is on this machine: %s', (address, local) => {
  expect(isLoopback(address)).toBe(local);
});
