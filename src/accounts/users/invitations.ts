/** Invitations: a link, usually mailed, with which a user creates an account within seven days. */
import { createHash, randomBytes } from 'node:crypto';

import type pg from 'pg';

import { isPersonalName } from '../../contract/students/personal-name.ts';
import { transaction } from '../../database/transaction.ts';
import { layOutMail } from '../../mail/mail-layout.ts';
import type { AuthCore, CallOrigin } from '../auth-core.ts';
import { insertAccountOn } from './new-account.ts';
import type { DistrictRole } from './users.ts';
import { findAccount, recordSignIn, type User } from './user.ts';

export const invitationDays = 7;

export interface InvitationInput {
  readonly email: string;
  /** As the inviting administrator typed it. */
  readonly name: string | null;
  readonly role: DistrictRole;
  readonly schools: readonly number[] | null;
}

/** A pending invitation. */
export interface ListedInvitation extends InvitationInput {
  readonly id: string;
  readonly invitedBy: string;
  readonly createdAt: Temporal.Instant;
  readonly expiresAt: Temporal.Instant;
  readonly hasExpired: boolean;
  /** `no-mail`: the administrator got the link. */
  readonly mailState: 'sent' | 'failed' | 'no-mail';
}

/** `link` is set if no mail was sent, for the administrator to hand over. */
export type InviteOutcome =
  | {
      readonly kind: 'invited';
      readonly id: string;
      readonly mailState: ListedInvitation['mailState'];
      readonly link: string | undefined;
    }
  /** In this district. That the address has an account in another district is said only in the mail. */
  | { readonly kind: 'has-account' }
  | { readonly kind: 'unknown' };

/** What an invited user sees before accepting. */
export interface OpenInvitation {
  readonly email: string;
  readonly name: string | null;
  readonly role: DistrictRole;
  readonly invitedBy: string;
  readonly districtName: string;
  /** The district does not use passwords, so it is accepted by single sign-on. */
  readonly singleSignOn: { readonly domain: string } | null;
  readonly expiresAt: Temporal.Instant;
}

export type AcceptOutcome =
  | {
      readonly kind: 'accepted';
      readonly user: User;
      readonly needsTwoFactor: boolean;
      readonly cookies: readonly string[];
    }
  /** Used, canceled, replaced by a newer one, or older than seven days. */
  | { readonly kind: 'link-not-valid' }
  /** The district does not use passwords; the invitation stays open for single sign-on. */
  | { readonly kind: 'single-sign-on-only' };

export interface Invitations {
  /** Returns the pending invitations of a district, the latest first. */
  list(districtId: number): Promise<readonly ListedInvitation[]>;
  /** Invites, or replaces the invitation of this e-mail. */
  invite(
    districtId: number,
    given: InvitationInput,
    invitedBy: User,
    request: Request,
  ): Promise<InviteOutcome>;
  /** Sends a new link for seven days; the old one no longer works. */
  resend(districtId: number, id: string, by: User, request: Request): Promise<InviteOutcome>;
  /** Cancels an invitation; returns whether there was one. */
  cancel(districtId: number, id: string): Promise<boolean>;
  find(token: string): Promise<OpenInvitation | undefined>;
  /** Creates the account and signs the user in. */
  accept(
    token: string,
    given: { readonly name: string; readonly password: string },
    origin: CallOrigin,
  ): Promise<AcceptOutcome>;
}

export function createInvitations(core: AuthCore): Invitations {
  const { pool } = core;
  return {
    async list(districtId) {
      const { rows } = await pool.query<ListedInvitation>(
        `select id, name, email, role, schools, invited_by_name as "invitedBy", created_at as "createdAt",
           expires_at as "expiresAt", expires_at <= $2::timestamptz as "hasExpired",
           mail_state as "mailState"
         from account_invitations where district_id = $1 order by created_at desc, id`,
        [districtId, core.now().toString()],
      );
      return rows;
    },
    invite: async (districtId, given, invitedBy, request) =>
      invite(core, districtId, given, invitedBy, request),
    async resend(districtId, id, by, request) {
      const { rows } = await pool.query<InvitationInput>(
        'select email, name, role, schools from account_invitations where district_id = $1 and id = $2',
        [districtId, id],
      );
      const [given] = rows;
      return given === undefined
        ? { kind: 'unknown' }
        : invite(core, districtId, given, by, request);
    },
    async cancel(districtId, id) {
      const { rowCount } = await pool.query(
        'delete from account_invitations where district_id = $1 and id = $2',
        [districtId, id],
      );
      return rowCount === 1;
    },
    find: async (token) => findOpen(core, token),
    accept: async (token, given, origin) => accept(core, token, given, origin),
  };
}

async function invite(
  core: AuthCore,
  districtId: number,
  { email: typed, name, role, schools }: InvitationInput,
  invitedBy: User,
  request: Request,
): Promise<InviteOutcome> {
  const email = typed.toLowerCase();
  const token = randomBytes(32).toString('base64url');
  const expiresAt = core.now().add({ hours: 24 * invitationDays });
  const { rows } = await core.pool.query<{ id: string }>(
    `insert into account_invitations (district_id, email, role, schools, token_digest, invited_by,
       invited_by_name, created_at, expires_at, name, mail_state)
     select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'no-mail'
     where not exists (select from accounts where email = $2 and district_id = $1)
     on conflict (district_id, email) do update set role = excluded.role, schools = excluded.schools,
       token_digest = excluded.token_digest, invited_by = excluded.invited_by,
       invited_by_name = excluded.invited_by_name, created_at = excluded.created_at,
       expires_at = excluded.expires_at, name = excluded.name, mail_state = excluded.mail_state
     returning id`,
    [
      districtId,
      email,
      role,
      role === 'administrator' ? null : schools,
      toDigest(token),
      invitedBy.accountId,
      invitedBy.name,
      core.now().toString(),
      expiresAt.toString(),
      name,
    ],
  );
  const id = rows[0]?.id;
  if (id === undefined) return { kind: 'has-account' };
  const link = core.buildLink(`/invitation/${token}`, request);
  const mailState = await sendInvitation(core, districtId, email, invitedBy, link);
  await core.pool.query(
    `update account_invitations set mail_state = $3
     where district_id = $1 and id = $2 and token_digest = $4`,
    [districtId, id, mailState, toDigest(token)],
  );
  return { kind: 'invited', id, mailState, link: mailState === 'sent' ? undefined : link };
}

async function sendInvitation(
  { pool, mailer, productName }: AuthCore,
  districtId: number,
  email: string,
  invitedBy: User,
  link: string,
): Promise<ListedInvitation['mailState']> {
  if (mailer === undefined) return 'no-mail';
  const { rows } = await pool.query<{ district: string; hasAccount: boolean }>(
    `select name as district, exists (select from accounts where email = $2) as "hasAccount"
     from districts where id = $1`,
    [districtId, email],
  );
  const { district = '', hasAccount = false } = rows[0] ?? {};
  // Both come from the inviting user, and the mail has our sender, so neither may look like an address.
  const who = isPersonalName(invitedBy.name) ? invitedBy.name : 'An administrator';
  const where = isPersonalName(district) ? district : 'a school district';
  const says = hasAccount ? accountExists : invitationText(link);
  const outcome = await mailer.send({
    districtId,
    kind: 'invitation',
    to: email,
    subject: `${who} invites you to ${productName}`,
    ...layOutMail({
      ...says,
      heading: `Welcome to ${productName}`,
      paragraphs: [
        `${who} invites you to work in ${productName} for ${where}.`,
        ...says.paragraphs,
      ],
      closing: ['If you did not expect this, delete this message; nothing else will happen.'],
      product: productName,
    }),
  });
  return outcome.kind;
}

const invitationText = (address: string) => ({
  paragraphs: [`Choose your password within ${invitationDays} days; the link works once.`],
  button: { label: 'Accept the invitation', address },
});

/** Only the owner of the address is notified; the inviting user gets the same response as always. */
const accountExists = {
  paragraphs: [
    'This address already has an account, and an address can have only one, in one district. To work for this district as well, give its administrator another address.',
  ],
};

async function findOpen(
  { pool, now }: AuthCore,
  token: string,
): Promise<OpenInvitation | undefined> {
  const { rows } = await pool.query<OpenInvitation>(
    `select i.email, i.name, i.role, i.invited_by_name as "invitedBy", d.name as "districtName",
       case when o.is_enabled and o.is_required then json_build_object('domain', d.domain) end
         as "singleSignOn",
       i.expires_at as "expiresAt"
     from account_invitations i join districts d on d.id = i.district_id
       left join district_sign_on o on o.district_id = d.id
     where i.token_digest = $1 and i.expires_at > $2::timestamptz`,
    [toDigest(token), now().toString()],
  );
  return rows[0];
}

async function accept(
  core: AuthCore,
  token: string,
  { name, password }: { readonly name: string; readonly password: string },
  origin: CallOrigin,
): Promise<AcceptOutcome> {
  // Checked first, since hashing is expensive and anyone can call this.
  const open = await findOpen(core, token);
  if (open === undefined) return { kind: 'link-not-valid' };
  if (open.singleSignOn !== null) return { kind: 'single-sign-on-only' };
  const passwordHash = await core.hashPassword(password, origin.address);
  const accountId = await transaction(core.pool, async (client) => {
    const invitation = await takeInvitation(client, token, core.now());
    if (invitation === undefined) return undefined;
    return insertAccountOn(client, { ...invitation, name, passwordHash });
  });
  const account = accountId === undefined ? undefined : await findAccount(core.pool, accountId);
  if (account === undefined) return { kind: 'link-not-valid' };
  const { user, mustHaveTwoFactor } = account;
  await recordSignIn(core.pool, user.accountId, core.now());
  const cookies = await core.openSession(
    user.accountId,
    { signedInBy: 'password', isRecentlyAuthenticated: true },
    origin,
  );
  return { kind: 'accepted', user, needsTwoFactor: mustHaveTwoFactor, cookies };
}

/**
 * Removes the invitation, so that only one of two concurrent requests accepts it. An existing account of the
 * address stays.
 */
async function takeInvitation(client: pg.ClientBase, token: string, now: Temporal.Instant) {
  const { rows } = await client.query<InvitationInput & { readonly districtId: number }>(
    `delete from account_invitations i where token_digest = $1 and expires_at > $2::timestamptz
       and not exists (select from accounts a where a.email = i.email)
     returning district_id as "districtId", email, name, role, schools`,
    [toDigest(token), now.toString()],
  );
  return rows[0];
}

/** Accepts the open invitation of this address, which a provider has verified. */
export async function takeInvitationForEmail(
  client: pg.ClientBase,
  districtId: number,
  email: string,
  now: Temporal.Instant,
): Promise<InvitationInput | undefined> {
  const { rows } = await client.query<InvitationInput>(
    `delete from account_invitations
     where district_id = $1 and email = $2 and expires_at > $3::timestamptz
     returning email, name, role, schools`,
    [districtId, email, now.toString()],
  );
  return rows[0];
}

const toDigest = (token: string): Buffer => createHash('sha256').update(token).digest();
