/** Tests of the pages: signing in; adding, changing and deleting integration accesses. */
import { describe, expect, it } from 'vitest';
import { TestBrowser } from './test-browser.ts';
import { createSandbox } from '../sandbox.ts';

const list = '/administrative-access/api/integration/2/accesses';

const createTestSandbox = () => createSandbox({ students: 30, schools: 3, today: '2026-11-23' });

/** Returns a signed-in browser with the form for a new access open. */
async function atForm() {
  const sandbox = createTestSandbox();
  const browser = new TestBrowser(sandbox);
  await browser.signIn();
  const form = await browser.open(`${list}/new`);
  return { sandbox, browser, form };
}

const filled = (changes: Readonly<Record<string, string>> = {}) =>
  Object.entries({
    name: 'Demographics',
    description: '',
    key: 'larkspur-demographics',
    authenticationType: 'OAuth 2.0',
    isActive: 'true',
    effectiveDate: '2026-11-23',
    expirationDate: '2027-11-23',
    entities: '2',
    ...changes,
  });

describe('the pages', () => {
  it('R6: lead from Administrative Access over API to Integration, once signed in', async () => {
    const browser = new TestBrowser(createTestSandbox());
    expect((await browser.open('/administrative-access')).path).toMatch(/\/sign-in$/u);
    const start = await browser.signIn();
    expect(start.html).toContain('href="/PracticeStuSTS/administrative-access/api"');
    const api = await browser.open('/administrative-access/api');
    expect(api.html).toContain('href="/PracticeStuSTS/administrative-access/api/integration"');
  });

  it('R7 and R8: list the product, its tab and the button', async () => {
    const browser = new TestBrowser(createTestSandbox());
    await browser.signIn();
    const integrations = await browser.open('/administrative-access/api/integration');
    expect(integrations.html).toContain('>SameGoal Demographics</a>');
    const tab = await browser.open(list);
    expect(tab.html).toMatch(/aria-selected="true"\s*>Integration Accesses</u);
    expect(tab.html).toContain('>Add Integration Access</a>');
    expect(tab.html).toContain('There are no Integration Accesses yet.');
  });

  it('reject a wrong password, a form of another site and an ended session', async () => {
    const browser = new TestBrowser(createTestSandbox());
    expect((await browser.signIn('wrong')).status).toBe(401);
    expect((await browser.send('/sign-in', [], 'foreign')).status).toBe(403);
    await browser.signIn();
    await browser.open('/administrative-access');
    await browser.send('/sign-out', []);
    expect((await browser.open(list)).path).toMatch(/\/sign-in$/u);
  });

  it('show that a page does not exist', async () => {
    const browser = new TestBrowser(createTestSandbox());
    await browser.signIn();
    expect((await browser.open(`${list}/77`)).status).toBe(404);
    expect((await browser.open('/elsewhere')).status).toBe(404);
    // The initial access belongs to another integration.
    expect((await browser.open(`${list}/1`)).status).toBe(404);
  });
});

describe('a new access', () => {
  it('R9 to R13: has the fields of the guide, and expires a year from today', async () => {
    const { form } = await atForm();
    const labels = Array.from(
      form.html.matchAll(/<(label|legend)[^>]*>([\s\S]*?)<\/\1\s*>/gu),
      ([, , text = '']) => text.replaceAll(/<[\s\S]*?>/gu, '').trim(),
    );
    expect(labels).toEqual([
      'Name',
      'Description',
      'Key',
      'Authentication Type',
      'Is Active',
      'Effective Date',
      'Expiration Date',
      'Custom API Entities',
      '000 - Larkspur Springs ISD (District Entity)',
      ...[1, 2, 3].map((school) => expect.stringMatching(`^00${school} - `)),
      '900 - Larkspur Career and Technical Center',
    ]);
    expect(form.html).toMatch(/id="expirationDate"[^>]*value="2027-11-23"/u);
    expect(form.html).toMatch(/id="effectiveDate"[^>]*value="2026-11-23"/u);
  });

  it('appears in the list once it is saved, without a secret', async () => {
    const { sandbox, browser } = await atForm();
    const saved = await browser.send(list, [...filled({ name: 'A <b> & "c"' }), ['entities', '4']]);
    expect(saved.html).toContain('role="status"');
    expect(saved.html).toContain('A &lt;b&gt; &amp; &quot;c&quot; was added.');
    expect(saved.html).toContain('Not generated yet; SameGoal generates it');
    expect((await browser.open(list)).html).toContain('larkspur-demographics');
    expect(sandbox.accesses.find('larkspur-demographics')).toMatchObject({
      expirationDate: '2027-11-23',
      entities: new Set([2, 4]),
      allowsWriting: false,
      secret: null,
    });
  });

  it.each([
    [{ name: ' ' }, 'Enter a Name.'],
    [{ name: 'x'.repeat(101) }, 'The Name has 101 characters; at most 100 are allowed.'],
    [{ description: 'x'.repeat(501) }, 'The Description has 501 characters'],
    [{ key: '' }, 'Enter a Key.'],
    [{ key: 'x'.repeat(101) }, 'The Key has 101 characters'],
    [
      { key: 'with blank' },
      'The Key can contain only letters, digits, dots, hyphens and underscores.',
    ],
    [{ key: 'sandbox-key' }, 'Another Integration Access has this Key.'],
    [{ authenticationType: '' }, 'Choose an Authentication Type.'],
    [{ effectiveDate: '' }, 'Enter the Effective Date as a date.'],
    [{ expirationDate: '2027-02-30' }, 'Enter the Expiration Date as a date'],
    [{ expirationDate: '2026-11-22' }, 'The Expiration Date lies before the Effective Date.'],
    [{ entities: '' }, 'One of the selected entities is not there'],
    [{ entities: '1' }, 'One of the selected entities is not there'],
  ])('is not saved with %o, and shows why', async (changes, sentence) => {
    const { sandbox, browser } = await atForm();
    const response = await browser.send(list, filled(changes));
    expect(response.status).toBe(422);
    expect(response.html).toContain(sentence);
    expect(sandbox.accesses.list()).toHaveLength(1);
  });

  it('needs an entity, and keeps the input', async () => {
    const { browser } = await atForm();
    const fields = filled().filter(([name]) => name !== 'entities');
    const response = await browser.send(list, fields);
    expect(response.html).toContain('Select at least one Custom API Entity.');
    expect(response.html).toMatch(/id="key"[^>]*value="larkspur-demographics"/u);
  });

  it('is not saved by a form of another site', async () => {
    const { sandbox, browser } = await atForm();
    expect((await browser.send(list, filled(), 'foreign')).status).toBe(403);
    expect(sandbox.accesses.list()).toHaveLength(1);
  });
});

describe('an existing access', () => {
  async function atAccess(changes: Readonly<Record<string, string>> = {}) {
    const { sandbox, browser } = await atForm();
    const saved = await browser.send(list, filled(changes));
    const path = saved.path.slice(sandbox.adminPath.length);
    return { sandbox, browser, path, key: 'larkspur-demographics' };
  }

  it('can be edited; another key invalidates the secret', async () => {
    const { sandbox, browser, path, key } = await atAccess();
    const id = sandbox.accesses.find(key)?.id;
    sandbox.accesses.generateSecret(key, 0);
    await browser.open(`${path}/edit`);
    await browser.send(`${path}/edit`, filled({ name: 'Renamed' }));
    expect(sandbox.accesses.find(key)).toMatchObject({ name: 'Renamed', id });
    expect(sandbox.accesses.find(key)?.secrets).toHaveLength(1);
    await browser.send(`${path}/edit`, filled({ key: 'another' }));
    expect(sandbox.accesses.find(key)).toBeUndefined();
    expect(sandbox.accesses.find('another')).toMatchObject({ id, secrets: [] });
  });

  it('R11: can be extended, and its expiration deleted', async () => {
    const { sandbox, browser, path, key } = await atAccess();
    await browser.send(`${path}/extend`, []);
    expect(sandbox.accesses.find(key)?.expirationDate).toBe('2028-11-23');
    const response = await browser.send(`${path}/never-expire`, []);
    expect(sandbox.accesses.find(key)?.expirationDate).toBeNull();
    expect(response.html).toContain('<dd>Never</dd>');
  });

  it('that expired long ago is extended by a year from today', async () => {
    const { sandbox, browser, path, key } = await atAccess({
      effectiveDate: '2020-02-29',
      expirationDate: '2021-02-28',
    });
    expect((await browser.open(path)).html).toContain('Expired</span>');
    await browser.send(`${path}/extend`, []);
    expect(sandbox.accesses.find(key)?.expirationDate).toBe('2027-11-23');
  });

  it('is deleted after confirmation', async () => {
    const { sandbox, browser, path, key } = await atAccess();
    expect((await browser.open(`${path}/delete`)).html).toContain('Delete Integration Access');
    expect(sandbox.accesses.find(key)).toBeDefined();
    const response = await browser.send(`${path}/delete`, []);
    expect(response.html).toContain('Demographics was deleted.');
    expect(sandbox.accesses.find(key)).toBeUndefined();
  });
});
