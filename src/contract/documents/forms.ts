/** The form library of a district: built-in forms, its own, which are offered to staff; and its letterhead. */
import { z } from 'zod';

import { DocumentField } from './documents.ts';
import { administeringRoles, districtPath, type Endpoint } from '../endpoint.ts';
import { FormTemplate } from './form-template.ts';
import { Instant, RecordId, VersionInPath, VersionNumber } from '../values.ts';
import { code, text } from '../text.ts';

/** A form as an administrator edits it; the server counts its version. */
export const FormDraft = FormTemplate.omit({ version: true }).meta({ id: 'FormDraft' });
export type FormDraft = z.infer<typeof FormDraft>;

const FormOrigin = z.enum(['built-in', 'district']).meta({
  id: 'FormOrigin',
  description: 'built-in: part of Daybreak, read-only; district: its own.',
});

const FormLine = z
  .strictObject({
    key: z.string(),
    title: z.string(),
    group: z.string(),
    summary: z.string(),
    version: z.int().positive(),
    origin: FormOrigin,
    isOffered: z.boolean().meta({ description: 'Staff can create documents of it.' }),
    changedAt: Instant.nullable(),
    changedBy: z.string().nullable(),
  })
  .meta({ id: 'FormLine' });
export type FormLine = z.infer<typeof FormLine>;

const listFormTemplates = {
  method: 'GET',
  path: `${districtPath}/form-templates`,
  summary: 'All forms of the district, including those that are not offered',
  access: administeringRoles,
  audit: { kind: 'nothing' },
  limit: 'read',
  response: z.strictObject({ forms: z.array(FormLine) }),
} as const satisfies Endpoint;

const oneForm = z.strictObject({ key: code(60) });

const getFormTemplate = {
  method: 'GET',
  path: `${districtPath}/form-templates/{key}`,
  summary: 'The current version of a form, with a list of all versions',
  access: administeringRoles,
  audit: { kind: 'nothing' },
  limit: 'read',
  params: oneForm,
  response: z.strictObject({
    template: FormTemplate,
    origin: FormOrigin,
    isOffered: z.boolean(),
    versions: z.array(
      z.strictObject({ version: z.int().positive(), at: Instant, by: z.string().nullable() }),
    ),
  }),
  errors: ['not-found'],
} as const satisfies Endpoint;

const getFormVersion = {
  method: 'GET',
  path: `${districtPath}/form-templates/{key}/versions/{version}`,
  summary: 'One version of a form',
  access: administeringRoles,
  audit: { kind: 'nothing' },
  limit: 'read',
  params: oneForm.extend({ version: VersionInPath }),
  response: FormTemplate,
  errors: ['not-found'],
} as const satisfies Endpoint;

const exportFormTemplate = {
  method: 'GET',
  path: `${districtPath}/form-templates/{key}/form.json`,
  summary: 'A form as JSON, for import elsewhere',
  access: administeringRoles,
  audit: { kind: 'nothing' },
  limit: 'read',
  params: oneForm,
  response: z.string(),
  responseKind: 'download',
  errors: ['not-found'],
} as const satisfies Endpoint;

/** Larger than any form that the schema allows. */
const maxFormBytes = 1024 * 1024;

const saveFormTemplate = {
  method: 'PUT',
  path: `${districtPath}/form-templates/{key}`,
  summary:
    "Add a form of the district's own, or save a new version of one; documents that are there keep theirs",
  access: administeringRoles,
  audit: { kind: 'change', actions: ['form-saved'] },
  limit: 'write',
  params: oneForm,
  body: z.strictObject({
    seen: VersionNumber.meta({
      description: 'The version the change began from; 0: a new form.',
    }),
    template: FormDraft,
  }),
  maxBodyBytes: maxFormBytes,
  response: z.strictObject({ version: z.int().positive() }),
  errors: ['conflict', 'not-possible'],
} as const satisfies Endpoint;

const offerForm = {
  method: 'PUT',
  path: `${districtPath}/form-templates/{key}/offer`,
  summary: 'Offer a form to staff or stop offering it; existing documents stay',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['form-offered'] },
  limit: 'write',
  params: oneForm,
  body: z.strictObject({ isOffered: z.boolean() }),
  response: z.strictObject({ isOffered: z.boolean() }),
  errors: ['not-found'],
} as const satisfies Endpoint;

const previewForm = {
  method: 'POST',
  path: `${districtPath}/form-previews`,
  summary: 'Preview a new document of this form; nothing is stored',
  access: administeringRoles,
  audit: { kind: 'look', action: 'student-viewed' },
  limit: 'read',
  body: z.strictObject({
    template: FormDraft,
    student: RecordId.nullable().meta({ description: 'null: an invented student.' }),
  }),
  maxBodyBytes: maxFormBytes,
  response: z.strictObject({
    fields: z.array(DocumentField),
    problems: z.array(z.string()).meta({ description: 'Problems that prevent saving.' }),
  }),
  errors: ['not-found'],
} as const satisfies Endpoint;

/** Limits of the letterhead. */
export const letterheadLimits = { lines: 6, lineLength: 90, logoBytes: 300 * 1024 } as const;

/** Base64 uses four characters for three bytes. */
const maxLogoLength = Math.ceil((letterheadLimits.logoBytes * 4) / 3) + 100;

export const Letterhead = z
  .strictObject({
    lines: z
      .array(text(letterheadLimits.lineLength).min(1))
      .max(letterheadLimits.lines)
      .meta({ description: 'The first line is printed large.' }),
    logo: code(maxLogoLength)
      .regex(/^data:image\/(?:png|jpeg);base64,[A-Za-z0-9+/]+=*$/, 'must be a PNG or JPEG')
      .nullable()
      .meta({ description: 'A PNG or JPEG of at most 300 KiB as a data URL.' }),
  })
  .meta({ id: 'Letterhead' });
export type Letterhead = z.infer<typeof Letterhead>;

const getLetterhead = {
  method: 'GET',
  path: `${districtPath}/letterhead`,
  summary: 'The letterhead of printed documents',
  access: administeringRoles,
  audit: { kind: 'nothing' },
  limit: 'read',
  response: Letterhead,
} as const satisfies Endpoint;

const saveLetterhead = {
  method: 'PUT',
  path: `${districtPath}/letterhead`,
  summary: 'Set the letterhead of printed documents',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['settings-changed'] },
  limit: 'write',
  body: Letterhead,
  maxBodyBytes: 512 * 1024,
  response: Letterhead,
  errors: ['not-possible'],
} as const satisfies Endpoint;

/** The endpoints, in the order of the API's documentation. */
export const formsApi = {
  listFormTemplates,
  getFormTemplate,
  getFormVersion,
  exportFormTemplate,
  saveFormTemplate,
  offerForm,
  previewForm,
  getLetterhead,
  saveLetterhead,
};
