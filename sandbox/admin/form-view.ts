/** The form for adding or editing an integration access. */
import { html } from 'hono/html';
import { authenticationTypes } from '../api/access.ts';
import type { AccessForm, FormErrors } from './access-form.ts';
import { formTokenField, type Html } from './layout.ts';
import { entityText, type EntityChoice } from './views.ts';

/** Content and target of the form. */
export interface AccessFormView {
  readonly form: AccessForm;
  readonly errors: FormErrors;
  readonly entities: readonly EntityChoice[];
  readonly action: string;
  readonly cancelHref: string;
  readonly formToken: string;
  /** Whether a secret belongs to the key, so that changing the key invalidates it. */
  readonly hasSecret: boolean;
}

const labels: Readonly<Record<keyof AccessForm, string>> = {
  name: 'Name',
  description: 'Description',
  key: 'Key',
  authenticationType: 'Authentication Type',
  isActive: 'Is Active',
  effectiveDate: 'Effective Date',
  expirationDate: 'Expiration Date',
  entities: 'Custom API Entities',
};

export function accessFormView(view: AccessFormView): Html {
  const { form, errors, entities, action, cancelHref, formToken, hasSecret } = view;
  const input = (name: TextField, hint = '', type = 'text', isRequired = true): Html =>
    field(
      name,
      errors,
      hint,
      html`<input
        id="${name}"
        name="${name}"
        type="${type}"
        value="${form[name]}"
        autocomplete="off"
        aria-required="${String(isRequired)}"
        ${describedBy(name, errors, hint)}
      />`,
    );
  return html`${problems(errors)}
    <form method="post" action="${action}" class="card" novalidate>
      ${formTokenField(formToken)} ${input('name', 'Name can be whatever you choose.')}
      ${field(
        'description',
        errors,
        '',
        html`<textarea
          id="description"
          name="description"
          rows="2"
          ${describedBy('description', errors, '')}
        >
${form.description}</textarea>`,
      )}
      ${input(
        'key',
        hasSecret
          ? 'A secret is paired with this Key. Changing the Key ends the secret.'
          : 'The vendor generates a secret to pair with this Key.',
      )}
      ${authenticationTypeField(form, errors)}
      <div class="field">
        <label class="check"
          ><input
            type="checkbox"
            name="isActive"
            value="true"
            ${form.isActive ? html`checked` : ''}
          />
          ${labels.isActive}</label
        >
      </div>
      ${input('effectiveDate', '', 'date')}
      ${input('expirationDate', 'Leave empty for an access that does not expire.', 'date', false)}
      ${entityField(form, errors, entities)}
      <div class="actions">
        <button type="submit">Save</button>
        <a class="button plain" href="${cancelHref}">Cancel</a>
      </div>
    </form>`;
}

type TextField = 'name' | 'key' | 'effectiveDate' | 'expirationDate';

function field(name: keyof AccessForm, errors: FormErrors, hint: string, control: Html): Html {
  const error = errors[name];
  return html`<div class="field">
    <label for="${name}">${labels[name]}</label>
    ${control} ${hint === '' ? '' : html`<p class="hint" id="${name}-hint">${hint}</p>`}
    ${error === undefined ? '' : html`<p class="error" id="${name}-error">${error}</p>`}
  </div>`;
}

/** Returns the attributes that link a control to its hint and error. */
function describedBy(name: keyof AccessForm, errors: FormErrors, hint: string): Html {
  const ids = [
    ...(errors[name] === undefined ? [] : [`${name}-error`]),
    ...(hint === '' ? [] : [`${name}-hint`]),
  ];
  return html`${errors[name] === undefined ? '' : html`aria-invalid="true"`}
  ${ids.length === 0 ? '' : html`aria-describedby="${ids.join(' ')}"`}`;
}

function authenticationTypeField(form: AccessForm, errors: FormErrors): Html {
  const option = (value: string, text: string): Html =>
    html`<option value="${value}" ${form.authenticationType === value ? html`selected` : ''}>
      ${text}
    </option>`;
  return field(
    'authenticationType',
    errors,
    '',
    html`<select
      id="authenticationType"
      name="authenticationType"
      aria-required="true"
      ${describedBy('authenticationType', errors, '')}
    >
      ${option('', 'Select')} ${authenticationTypes.map((type) => option(type, type))}
    </select>`,
  );
}

function entityField(
  form: AccessForm,
  errors: FormErrors,
  entities: readonly EntityChoice[],
): Html {
  const selected = new Set(form.entities);
  return html`<fieldset
    class="entities"
    id="entities"
    tabindex="-1"
    ${describedBy('entities', errors, 'hint')}
  >
    <legend>${labels.entities}</legend>
    <p class="hint" id="entities-hint">
      Select your District Entity and every entity you wish to include.
    </p>
    ${
      errors.entities === undefined
        ? ''
        : html`<p class="error" id="entities-error">${errors.entities}</p>`
    }
    <ul>
      ${entities.map(
        (entity) =>
          html`<li>
            <label
              ><input
                type="checkbox"
                name="entities"
                value="${entity.id}"
                ${selected.has(entity.id) ? html`checked` : ''}
              />
              ${entityText(entity)}</label
            >
          </li>`,
      )}
    </ul>
  </fieldset>`;
}

/** Returns the list of errors, each with a link to its field. */
function problems(errors: FormErrors): Html {
  const entries = Object.entries(errors);
  if (entries.length === 0) return html``;
  return html`<div class="problems" role="alert">
    <h2>The Integration Access was not saved</h2>
    <ul>
      ${entries.map(([name, message]) => html`<li><a href="#${name}">${message}</a></li>`)}
    </ul>
  </div>`;
}
