/** Forms of a district and its letterhead: list, offer, edit, preview, export. */
import { FormSummary, documentsApi } from '../../contract/documents/documents.ts';
import { formsApi } from '../../contract/documents/forms.ts';
import { bindings } from '../../documents/bindings.ts';
import { readDetails } from '../../documents/document-context.ts';
import {
  findDistrictForm,
  findFormVersion,
  listDistrictForms,
  listFormVersions,
  saveDistrictForm,
  setFormOffered,
} from '../../documents/district-forms.ts';
import { shownFields } from '../../documents/document-work.ts';
import { exampleDetails } from '../../documents/example-details.ts';
import { fillFields, formProblems } from '../../documents/filled-values.ts';
import {
  storeLetterhead,
  logoProblem,
  logoType,
  readLetterhead,
} from '../../documents/printing/letterhead.ts';
import { ApiError, found, studentNotFound } from '../api-error.ts';
import { download } from '../server/downloads.ts';
import type { RouteContext } from '../route.ts';
import { documentContext } from './document-request.ts';

export function addFormRoutes(routes: RouteContext): void {
  addReadingRoutes(routes);
  addWritingRoutes(routes);
  addPreviewRoute(routes);
  addLetterheadRoutes(routes);
}

function addReadingRoutes({ route }: RouteContext): void {
  route(documentsApi.listForms, async ({ district }) => {
    const forms = await district.read(async (database) => listDistrictForms(database));
    return {
      forms: forms
        .filter(({ isOffered }) => isOffered)
        .map(({ template }) => FormSummary.parse(template)),
    };
  });

  route(documentsApi.listFormBindings, async () =>
    Promise.resolve({
      bindings: bindings.map(({ path, holds, meaning, example }) => ({
        path,
        holds,
        meaning,
        example,
      })),
    }),
  );

  route(formsApi.listFormTemplates, async ({ district }) => {
    const forms = await district.read(async (database) => listDistrictForms(database));
    return {
      forms: forms.map(({ template, origin, isOffered, changedAt, changedBy }) => {
        const { key, title, group, summary, version } = template;
        const changed = { changedAt: changedAt?.toString() ?? null, changedBy };
        return { key, title, group, summary, version, origin, isOffered, ...changed };
      }),
    };
  });

  route(formsApi.getFormTemplate, async ({ district, params: { key } }) =>
    district.read(async (database) => {
      const form = found(await findDistrictForm(database, key), formNotFound);
      const { template, origin, isOffered } = form;
      const versions = await listFormVersions(database, key);
      return {
        template,
        origin,
        isOffered,
        versions: versions.map(({ version, at, by }) => ({ version, at: at.toString(), by })),
      };
    }),
  );

  route(formsApi.getFormVersion, async ({ district, params: { key, version } }) =>
    found(
      await district.read(async (database) => findFormVersion(database, key, version)),
      formNotFound,
    ),
  );

  route(formsApi.exportFormTemplate, async ({ district, params: { key } }) => {
    const form = found(
      await district.read(async (database) => findDistrictForm(database, key)),
      formNotFound,
    );
    const { version: _version, ...draft } = form.template;
    return download({ fileName: `${draft.key}.json` }, `${JSON.stringify(draft, null, 2)}\n`);
  });
}

function addWritingRoutes({ route }: RouteContext): void {
  route(formsApi.saveFormTemplate, async ({ district, user, params, body }) => {
    if (params.key !== body.template.key) {
      throw new ApiError('not-possible', 'The key of the form differs from the address.', {
        field: 'template.key',
        advice: 'Send it to the address of its own key.',
      });
    }
    const save = await district.write(async (database) => {
      const saved = await saveDistrictForm(database, body.template, body.seen, user);
      if (saved.outcome === 'saved') {
        const detail = { form: body.template.title, version: saved.version };
        await district.audit({ action: 'form-saved', detail }, database);
      }
      return saved;
    });
    if (save.outcome === 'saved') return { version: save.version };
    if (save.outcome === 'refused') {
      throw new ApiError('not-possible', save.problems.join(' '), {
        field: 'template',
        advice: 'Fix this, then save again; nothing is lost.',
      });
    }
    throw new ApiError('conflict', 'Someone else has saved a form with this key in the meantime.', {
      field: 'seen',
      advice: 'Export yours, open the form again, and combine both.',
    });
  });

  route(formsApi.offerForm, async ({ district, user, params: { key }, body }) => {
    await district.write(async (database) => {
      const form = found(await findDistrictForm(database, key), formNotFound);
      await setFormOffered(database, key, body.isOffered, user);
      const detail = { form: form.template.title, isOffered: body.isOffered };
      await district.audit({ action: 'form-offered', detail }, database);
    });
    return body;
  });
}

function addPreviewRoute({ route }: RouteContext): void {
  route(formsApi.previewForm, async ({ district, user, body, audited }) => {
    const form = { ...body.template, version: 1 };
    const { student } = body;
    const details = found(
      student === null
        ? exampleDetails(district.name, district.today)
        : await district.read(async (database) =>
            readDetails(documentContext(database, district, user), student),
          ),
      studentNotFound,
    );
    audited({ students: student === null ? [] : [{ studentId: student }] });
    return {
      fields: shownFields(form, fillFields(form, details)),
      problems: formProblems(form),
    };
  });
}

function addLetterheadRoutes({ route }: RouteContext): void {
  route(formsApi.getLetterhead, async ({ district }) => {
    const { lines, logo } = await district.read(async (database) => readLetterhead(database));
    return {
      lines: [...lines],
      logo: logo && `data:${logoType(logo)};base64,${logo.toString('base64')}`,
    };
  });

  route(formsApi.saveLetterhead, async ({ district, user, body }) => {
    const logo =
      body.logo === null ? null : Buffer.from(body.logo.slice(body.logo.indexOf(',')), 'base64');
    const problem =
      logo === null
        ? undefined
        : await district.withLimit('PDF uploads', async () => logoProblem(logo));
    if (problem !== undefined) {
      throw new ApiError('not-possible', problem, {
        field: 'logo',
        advice: 'Save it as PNG or JPEG and try that file.',
      });
    }
    await district.write(async (database) => {
      await storeLetterhead(database, { lines: body.lines, logo }, user);
      const detail = { fields: ['letterhead'] };
      await district.audit({ action: 'settings-changed', detail }, database);
    });
    return body;
  });
}

const formNotFound = (): ApiError =>
  new ApiError('not-found', 'Form not found.', {
    field: 'key',
    advice: 'The form library lists all forms.',
  });
