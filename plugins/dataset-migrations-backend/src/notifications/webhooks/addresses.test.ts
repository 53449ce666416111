import { ConfigReader } from '@backstage/config';
import {
  choosePublicAddress,
  displayAddress,
  hears,
  requireAllowed,
} from './addresses';
import { messageOf } from '../../__testUtils__/messageOf';
import { announcementKinds } from '../types';
import { readWebhookSettings } from './settings';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

const settings = (webhooks: object) =>
  readWebhookSettings(
    new ConfigReader({ datasetMigrations: { notifications: { webhooks } } }),
  );

const { rules } = settings({
  secrets: [secret],
  allow: [
    { host: 'hooks.example.com' },
    { host: '*.wild.example.com' },
    { host: 'port.example.com:8443' },
    { urlPrefix: 'http://localhost:7099/hooks/', allowPrivate: true },
  ],
});

describe('requireAllowed', () => {
  it.each([
    'https://hooks.example.com/a?b=c',
    'https://HOOKS.example.com:443/',
    'https://a.b.wild.example.com/x',
    'https://port.example.com:8443/x',
    'http://localhost:7099/hooks',
    'http://localhost:7099/hooks/team/a',
  ])('allows %s', address => {
    expect(requireAllowed(address, rules).url.href).toBeTruthy();
  });

  it.each([
    ['http://hooks.example.com/', 'not in the allow-list'],
    ['https://hooks.example.com:444/', 'not in the allow-list'],
    ['https://hooks.example.com.evil.test/', 'not in the allow-list'],
    ['https://wild.example.com/', 'not in the allow-list'],
    ['https://evilwild.example.com/', 'not in the allow-list'],
    ['http://localhost:7099/hooks-and-more', 'not in the allow-list'],
    ['http://localhost:7099/hooks/../admin', 'not in the allow-list'],
    ['http://localhost:7099/hooks/%2e%2e/admin', 'not in the allow-list'],
    ['http://localhost:7099/hooks\\..\\admin', 'not in the allow-list'],
    ['http://127.0.0.1:7099/hooks/', 'not in the allow-list'],
    ['http://169.254.169.254/latest/meta-data', 'not in the allow-list'],
    ['https://user:pw@hooks.example.com/', 'carries credentials'],
    ['https://hooks.example.com@evil.test/', 'carries credentials'],
    ['file:///etc/passwd', 'no HTTP address'],
    ['data:text/plain,hello', 'no HTTP address'],
    ['hooks.example.com', 'no HTTP address'],
    ['', 'no HTTP address'],
  ])('refuses %s: %s', (address, message) => {
    expect(() => requireAllowed(address, rules)).toThrow(message);
  });

  it('shows no secret in its messages', () => {
    const refusal = messageOf(() =>
      requireAllowed('https://me:s3cr3t@h.test/a?token=s3cr3t', rules),
    );
    expect(refusal).toContain('carries credentials');
    expect(refusal).not.toContain('s3cr3t');
    expect(displayAddress('https://me:s3cr3t@h.test/a?token=s3cr3t#s')).toBe(
      'https://h.test/a',
    );
    expect(displayAddress('mailto:me@h.test')).not.toContain('me');
    expect(displayAddress('s3cr3t')).toBe('not an address');
  });
});

describe('hears', () => {
  const { rules: hearing } = settings({
    secrets: [secret],
    allow: [
      { host: 'all.test', events: ['*'] },
      { host: 'some.test', events: ['starting', 'succeeded'] },
      { host: 'old.test' },
    ],
  });
  const heardOf = (address: string) =>
    announcementKinds.filter(kind => hears(hearing, address, kind));

  // What there was before there were more, and what concerns those alone who hear it.
  const byDefault = [
    'blocked',
    'overridden',
    'change-accepted',
    'succeeded',
    'failed',
    'rolled-back',
    'retired',
  ];

  it.each([
    ['https://all.test/hook', [...announcementKinds]],
    ['https://some.test/hook', ['starting', 'succeeded']],
    ['https://old.test/hook', byDefault],
    ['https://elsewhere.test/hook', byDefault],
    ['not an address', byDefault],
  ])('lets %s hear of %j', (address, expected) => {
    expect(heardOf(address)).toEqual(expected);
  });
});

describe('choosePublicAddress', () => {
  const choose = (allowPrivate: boolean, ...addresses: string[]) =>
    choosePublicAddress(
      'h.test',
      addresses.map(address => ({
        address,
        family: address.includes(':') ? 6 : 4,
      })),
      allowPrivate,
    ).address;

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fd00:ec2::254',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
  ])('refuses %s unless the rule means it', address => {
    expect(() => choose(false, address)).toThrow(/h\.test is the .* address/);
    expect(choose(true, address)).toBe(address);
  });

  it('refuses a name of which one address is private', () => {
    expect(choose(false, '93.184.216.34', '2606:2800:220:1::1')).toBe(
      '93.184.216.34',
    );
    expect(() => choose(false, '93.184.216.34', '10.0.0.1')).toThrow(
      'private address 10.0.0.1',
    );
  });
});

describe('readWebhookSettings', () => {
  it('allows nothing by default', () => {
    expect(settings({}).rules).toEqual([]);
  });

  it.each([
    [{ allow: [{ host: 'a.test' }] }, 'secrets: callbacks are always signed'],
    [{ secrets: [secret], allow: [{}] }, "either 'host' or 'urlPrefix'"],
    [
      { secrets: [secret], allow: [{ urlPrefix: 'ftp://a.test' }] },
      'allow[0].urlPrefix must be an HTTP address',
    ],
    [{ secrets: ['whsec_!'] }, 'webhooks.secrets[0] must be'],
    [
      { secrets: [secret], allow: [{ host: 'a.test', events: ['begun'] }] },
      "allow[0].events must be of '*', 'announced', ",
    ],
    ...[{ milliseconds: 999 }, { minutes: 5, seconds: 1 }].map(
      (timeout): [object, string] => [
        { timeout },
        'webhooks.timeout must be from 1 second to 5 minutes, not ',
      ],
    ),
    [
      { callsPerConsumer: 0 },
      'webhooks.callsPerConsumer must be a whole number from 1 to 20, not 0',
    ],
    [
      { allow: [{ host: 'a.test', secrets: ['hunter2!'] }] },
      'allow[0].secrets[0] must be',
    ],
  ])('refuses %j', (webhooks, message) => {
    const refusal = messageOf(() => settings(webhooks));
    expect(refusal).toContain(message);
    expect(refusal).not.toContain('hunter2');
  });
});
