/** The pages of the practice Skyward on which a district looks after its integration accesses. */
import { Hono, type Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { Access, Accesses } from './access.ts';
import {
  checkAccessForm,
  formOfAccess,
  newAccessForm,
  readAccessForm,
  yearAfter,
  type AccessDraft,
  type AccessForm,
  type FormErrors,
} from './access-form.ts';
import { isSameText } from './access-secret.ts';
import { secretState } from './access-state.ts';
import { accessFormView } from './admin-form-view.ts';
import { page, style, type Html, type PageFrame } from './admin-layout.ts';
import { AdminSessions, isOwnForm, type AdminSession } from './admin-session.ts';
import {
  accessListView,
  accessView,
  deleteView,
  generalView,
  integrationListView,
  permissionsView,
  sentenceView,
  signInView,
  tabbedView,
  tilesView,
  type EntityChoice,
  type IntegrationTab,
} from './admin-views.ts';
import type { Integration } from './integration.ts';

/** What the pages are put together from. */
export interface AdminParts {
  /** Path before every page, such as `/PracticeStuSTS`. */
  readonly root: string;
  readonly user: string;
  readonly password: string;
  readonly accesses: Accesses;
  readonly integrations: readonly Integration[];
  /** What is approved for an integration, and so granted to a new access. */
  readonly grantsOf: (integration: Integration) => ReadonlyMap<string, ReadonlySet<string>>;
  readonly entities: () => readonly EntityChoice[];
  readonly today: () => string;
  readonly now: () => number;
}

const cookieName = 'practice-skyward-session';
const headers = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
};

/** The app with every page below `root`. */
export function createAdminPages(parts: AdminParts): Hono {
  const app = new Hono();
  const pages = new AdminPages(parts);
  const path = '/administrative-access/api/integration';
  const one = `${path}/:integration`;
  const access = `${one}/accesses/:access`;
  app.get('/style.css', () => new Response(style, { headers: { 'Content-Type': 'text/css' } }));
  app.get('/sign-in', (http) => pages.signIn(http));
  app.post('/sign-in', (http) => pages.checkSignIn(http));
  app.post('/sign-out', (http) => pages.signOut(http));
  app.get('/', (http) => http.redirect(`${parts.root}/administrative-access`));
  app.get('/administrative-access', pages.shown('areas'));
  app.get('/administrative-access/api', pages.shown('api'));
  app.get(path, pages.shown('integrations'));
  app.get(one, pages.shown('general'));
  app.get(`${one}/accesses`, pages.shown('accesses'));
  app.post(`${one}/accesses`, pages.sent('add'));
  app.get(`${one}/accesses/new`, pages.shown('newAccess'));
  app.get(`${one}/permissions`, pages.shown('permissions'));
  app.get(access, pages.shown('access'));
  app.get(`${access}/edit`, pages.shown('editAccess'));
  app.post(`${access}/edit`, pages.sent('change'));
  app.get(`${access}/delete`, pages.shown('confirmDelete'));
  app.post(`${access}/delete`, pages.sent('remove'));
  app.post(`${access}/extend`, pages.sent('extend'));
  app.post(`${access}/never-expire`, pages.sent('neverExpire'));
  app.all('*', pages.shown('nothing'));
  return app;
}

/** A request of somebody who has signed in. */
interface Visit {
  readonly http: Context;
  readonly session: AdminSession;
  readonly sent: URLSearchParams;
}

type Step = (visit: Visit) => Response | Promise<Response>;

class AdminPages {
  readonly #parts: AdminParts;
  readonly #sessions: AdminSessions;

  constructor(parts: AdminParts) {
    this.#parts = parts;
    this.#sessions = new AdminSessions(parts.now);
  }

  /** Shows a page to those who have signed in; leads others to the sign-in page. */
  shown(name: ShownPage): (http: Context) => Promise<Response> {
    return async (http) => {
      const session = this.#session(http);
      if (session?.user === undefined) return http.redirect(`${this.#parts.root}/sign-in`);
      return this[name]({ http, session, sent: new URLSearchParams() });
    };
  }

  /** Takes a form of those who have signed in, if it comes from a page of theirs. */
  sent(name: SentForm): (http: Context) => Promise<Response> {
    return async (http) => {
      const session = this.#session(http);
      if (session?.user === undefined) return http.redirect(`${this.#parts.root}/sign-in`);
      const sent = new URLSearchParams(await http.req.text());
      if (!isOwnForm(session, sent.get('formToken'))) return this.#foreignForm(http, session);
      return this[name]({ http, session, sent });
    };
  }

  signIn(http: Context): Promise<Response> {
    return this.#signInPage(http, '', undefined, 200);
  }

  async checkSignIn(http: Context): Promise<Response> {
    const sent = new URLSearchParams(await http.req.text());
    const session = this.#session(http);
    const login = (sent.get('login') ?? '').trim();
    if (session === undefined || !isOwnForm(session, sent.get('formToken'))) {
      return this.#signInPage(http, login, 'This form was out of date. Sign in again.', 403);
    }
    const isRight =
      isSameText(login.toLowerCase(), this.#parts.user.toLowerCase()) &&
      isSameText(sent.get('password') ?? '', this.#parts.password);
    if (!isRight) {
      return this.#signInPage(http, login, 'The login or the password is wrong.', 401);
    }
    this.#sessions.end(session.id);
    this.#begin(http, this.#parts.user);
    return http.redirect(`${this.#parts.root}/administrative-access`, 303);
  }

  async signOut(http: Context): Promise<Response> {
    const sent = new URLSearchParams(await http.req.text());
    const session = this.#session(http);
    if (session !== undefined && isOwnForm(session, sent.get('formToken'))) {
      this.#sessions.end(session.id);
      deleteCookie(http, cookieName, { path: this.#parts.root });
    }
    return http.redirect(`${this.#parts.root}/sign-in`, 303);
  }

  areas(visit: Visit): Promise<Response> {
    const href = `${this.#parts.root}/administrative-access/api`;
    const about = 'Who may read and write data from outside';
    return this.#page(visit, {
      title: 'Administrative Access',
      content: tilesView([{ text: 'API', href, about }]),
    });
  }

  api(visit: Visit): Promise<Response> {
    const about = 'Products of vendors, and the accesses that let them in';
    return this.#page(visit, {
      title: 'API',
      trail: this.#trail(1),
      content: tilesView([{ text: 'Integration', href: this.#listPath, about }]),
    });
  }

  integrations(visit: Visit): Promise<Response> {
    const { integrations, accesses } = this.#parts;
    const rows = integrations.map((integration) => ({
      integration,
      accessCount: accesses.list(integration.id).length,
    }));
    return this.#page(visit, {
      title: 'Integration',
      trail: this.#trail(2),
      content: integrationListView(rows, (each) => this.#pathOf(each)),
    });
  }

  general(visit: Visit): Promise<Response> {
    return this.#tab(visit, 'general', (integration) => generalView(integration));
  }

  permissions(visit: Visit): Promise<Response> {
    return this.#tab(visit, 'permissions', (integration) =>
      permissionsView(this.#parts.grantsOf(integration)),
    );
  }

  accesses(visit: Visit): Promise<Response> {
    return this.#tab(visit, 'accesses', (integration) =>
      accessListView({
        accesses: this.#parts.accesses.list(integration.id),
        today: this.#parts.today(),
        addHref: `${this.#pathOf(integration)}/accesses/new`,
        hrefOf: (access) => this.#pathOf(integration, access),
      }),
    );
  }

  newAccess(visit: Visit): Promise<Response> {
    const form = newAccessForm(this.#parts.today());
    return this.#withIntegration(visit, (integration) =>
      this.#formPage(visit, integration, undefined, form, {}),
    );
  }

  add(visit: Visit): Promise<Response> {
    return this.#withIntegration(visit, (integration) => {
      const form = readAccessForm(visit.sent);
      const checked = this.#check(form, undefined);
      if ('errors' in checked) {
        return this.#formPage(visit, integration, undefined, form, checked.errors);
      }
      const access = this.#parts.accesses.add({
        ...checked.draft,
        integrationId: integration.id,
        secret: null,
        secrets: [],
        fields: this.#parts.grantsOf(integration),
        allowsWriting: false,
      });
      return this.#done(visit, integration, access, `${access.name} was added.`);
    });
  }

  access(visit: Visit): Promise<Response> {
    return this.#withAccess(visit, (integration, access) => {
      const base = this.#pathOf(integration, access);
      const content = accessView({
        access,
        integration,
        today: this.#parts.today(),
        entities: this.#parts.entities(),
        base,
        formToken: visit.session.formToken,
      });
      return this.#page(visit, {
        title: access.name,
        trail: this.#trail(3, integration),
        content,
      });
    });
  }

  editAccess(visit: Visit): Promise<Response> {
    return this.#withAccess(visit, (integration, access) => {
      const every = this.#parts.entities().map(({ id }) => id);
      return this.#formPage(visit, integration, access, formOfAccess(access, every), {});
    });
  }

  change(visit: Visit): Promise<Response> {
    return this.#withAccess(visit, (integration, access) => {
      const form = readAccessForm(visit.sent);
      const checked = this.#check(form, access);
      if ('errors' in checked) {
        return this.#formPage(visit, integration, access, form, checked.errors);
      }
      this.#parts.accesses.rename(access.key, checked.draft.key);
      this.#parts.accesses.change(checked.draft.key, checked.draft);
      return this.#done(visit, integration, access, `${checked.draft.name} was saved.`);
    });
  }

  confirmDelete(visit: Visit): Promise<Response> {
    return this.#withAccess(visit, (integration, access) =>
      this.#page(visit, {
        title: 'Delete Integration Access',
        trail: this.#trail(3, integration),
        content: deleteView(access, this.#pathOf(integration, access), visit.session.formToken),
      }),
    );
  }

  remove(visit: Visit): Promise<Response> {
    return this.#withAccess(visit, (integration, access) => {
      this.#parts.accesses.remove(access.key);
      return this.#done(visit, integration, undefined, `${access.name} was deleted.`);
    });
  }

  extend(visit: Visit): Promise<Response> {
    return this.#withAccess(visit, (integration, access) => {
      const { expirationDate, key } = access;
      if (expirationDate === null) return this.#done(visit, integration, access, undefined);
      const today = this.#parts.today();
      // An access that expired long ago gets a whole year as well.
      const later = yearAfter(expirationDate < today ? today : expirationDate);
      this.#parts.accesses.change(key, { expirationDate: later });
      return this.#done(visit, integration, access, `${access.name} now expires on ${later}.`);
    });
  }

  neverExpire(visit: Visit): Promise<Response> {
    return this.#withAccess(visit, (integration, access) => {
      this.#parts.accesses.change(access.key, { expirationDate: null });
      return this.#done(visit, integration, access, `${access.name} no longer expires.`);
    });
  }

  nothing(visit: Visit): Promise<Response> {
    return this.#page(
      visit,
      {
        title: 'Not Found',
        content: sentenceView(
          'There is no such page, or what it showed was deleted.',
          this.#listPath,
          'Go to Integration',
        ),
      },
      404,
    );
  }

  get #listPath(): string {
    return `${this.#parts.root}/administrative-access/api/integration`;
  }

  #pathOf(integration: Integration, access?: Access): string {
    const base = `${this.#listPath}/${integration.id}`;
    return access === undefined ? base : `${base}/accesses/${access.id}`;
  }

  /** The pages above one that lies `depth` levels down. */
  #trail(depth: number, integration?: Integration): { text: string; href: string }[] {
    const { root } = this.#parts;
    return [
      { text: 'Administrative Access', href: `${root}/administrative-access` },
      { text: 'API', href: `${root}/administrative-access/api` },
      { text: 'Integration', href: this.#listPath },
      ...(integration === undefined
        ? []
        : [
            { text: integration.productName, href: this.#pathOf(integration) },
            { text: 'Integration Accesses', href: `${this.#pathOf(integration)}/accesses` },
          ]),
    ].slice(0, integration === undefined ? depth : undefined);
  }

  #check(
    form: AccessForm,
    access: Access | undefined,
  ): { draft: AccessDraft } | { errors: FormErrors } {
    return checkAccessForm(form, {
      entityIds: this.#parts.entities().map(({ id }) => id),
      isKeyTaken: (key) => key !== access?.key && this.#parts.accesses.find(key) !== undefined,
    });
  }

  #withIntegration(visit: Visit, show: (integration: Integration) => ReturnType<Step>) {
    const id = Number(visit.http.req.param('integration'));
    const integration = this.#parts.integrations.find((each) => each.id === id);
    return Promise.resolve(integration === undefined ? this.nothing(visit) : show(integration));
  }

  #withAccess(
    visit: Visit,
    show: (integration: Integration, access: Access) => ReturnType<Step>,
  ): Promise<Response> {
    return this.#withIntegration(visit, (integration) => {
      const access = this.#parts.accesses.withId(Number(visit.http.req.param('access')));
      return access?.integrationId === integration.id
        ? show(integration, access)
        : this.nothing(visit);
    });
  }

  #tab(visit: Visit, tab: IntegrationTab, show: (integration: Integration) => Html) {
    return this.#withIntegration(visit, (integration) =>
      this.#page(visit, {
        title: integration.productName,
        trail: this.#trail(3),
        content: tabbedView(this.#pathOf(integration), tab, show(integration)),
      }),
    );
  }

  #formPage(
    visit: Visit,
    integration: Integration,
    access: Access | undefined,
    form: AccessForm,
    errors: FormErrors,
  ): Promise<Response> {
    const list = `${this.#pathOf(integration)}/accesses`;
    const own = access === undefined ? list : this.#pathOf(integration, access);
    const content = accessFormView({
      form,
      errors,
      entities: this.#parts.entities(),
      action: access === undefined ? list : `${own}/edit`,
      cancelHref: own,
      formToken: visit.session.formToken,
      hasSecret: access !== undefined && secretState(access) !== 'none',
    });
    const title = access === undefined ? 'Add Integration Access' : 'Edit Integration Access';
    const trail = this.#trail(3, integration);
    return this.#page(visit, { title, trail, content }, Object.keys(errors).length > 0 ? 422 : 200);
  }

  /** After a change: on to the access, or to the list when it is gone, with a word of what was done. */
  #done(
    { http, session }: Visit,
    integration: Integration,
    access: Access | undefined,
    notice: string | undefined,
  ): Response {
    session.notice = notice;
    const list = `${this.#pathOf(integration)}/accesses`;
    return http.redirect(access === undefined ? list : this.#pathOf(integration, access), 303);
  }

  #session(http: Context): AdminSession | undefined {
    return this.#sessions.find(getCookie(http, cookieName));
  }

  #begin(http: Context, user: string | undefined): AdminSession {
    const session = this.#sessions.begin(user);
    setCookie(http, cookieName, session.id, {
      path: this.#parts.root,
      httpOnly: true,
      sameSite: 'Lax',
    });
    return session;
  }

  async #signInPage(
    http: Context,
    login: string,
    problem: string | undefined,
    status: 200 | 401 | 403,
  ) {
    const { root } = this.#parts;
    const session = this.#session(http) ?? this.#begin(http, undefined);
    const content = signInView({ root, formToken: session.formToken, login, problem });
    return http.html(page({ title: 'Sign In', root, content }), status, headers);
  }

  #foreignForm(http: Context, session: AdminSession): Promise<Response> {
    return this.#page(
      { http, session, sent: new URLSearchParams() },
      {
        title: 'Form Out of Date',
        content: sentenceView(
          'This form does not belong to your session, so nothing was changed. Open the page again and send it once more.',
          this.#listPath,
          'Go to Integration',
        ),
      },
      403,
    );
  }

  async #page(
    { http, session }: Visit,
    frame: Omit<PageFrame, 'root' | 'user' | 'formToken' | 'notice'>,
    status: 200 | 403 | 404 | 422 = 200,
  ): Promise<Response> {
    const { notice, user, formToken } = session;
    session.notice = undefined;
    const { root } = this.#parts;
    return http.html(page({ ...frame, root, user, formToken, notice }), status, headers);
  }
}

type ShownPage =
  | 'areas'
  | 'api'
  | 'integrations'
  | 'general'
  | 'permissions'
  | 'accesses'
  | 'newAccess'
  | 'access'
  | 'editAccess'
  | 'confirmDelete'
  | 'nothing';

type SentForm = 'add' | 'change' | 'remove' | 'extend' | 'neverExpire';
