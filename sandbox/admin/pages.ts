/** The pages on which a district manages its integration accesses. */
import { Hono, type Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { Access, Accesses } from '../api/access.ts';
import {
  checkAccessForm,
  toAccessForm,
  newAccessForm,
  readAccessForm,
  addYear,
  type AccessDraft,
  type AccessForm,
  type FormErrors,
} from './access-form.ts';
import { isSameText } from '../api/access-secret.ts';
import { secretState } from './access-state.ts';
import { accessFormView } from './form-view.ts';
import { page, style, type Html, type PageFrame } from './layout.ts';
import { AdminSessions, isOwnForm, type AdminSession } from './session.ts';
import {
  accessListView,
  accessView,
  deleteView,
  generalView,
  integrationListView,
  permissionsView,
  messageView,
  signInView,
  tabbedView,
  linkTilesView,
  type EntityChoice,
  type IntegrationTab,
} from './views.ts';
import type { Integration } from './integration.ts';

/** Dependencies of the pages. */
export interface AdminPagesDeps {
  /** Root path of the pages, such as `/PracticeStuSTS`. */
  readonly root: string;
  readonly user: string;
  readonly password: string;
  readonly accesses: Accesses;
  readonly integrations: readonly Integration[];
  /** Returns the permissions of an integration, which a new access gets. */
  readonly listPermissions: (integration: Integration) => ReadonlyMap<string, ReadonlySet<string>>;
  readonly entities: () => readonly EntityChoice[];
  readonly today: () => string;
  readonly now: () => number;
}

const cookieName = 'sandbox-skyward-session';
const headers = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
};

/** Returns the app with every page below `root`. */
export function createAdminPages(deps: AdminPagesDeps): Hono {
  const app = new Hono();
  const pages = new AdminPages(deps);
  const path = '/administrative-access/api/integration';
  const one = `${path}/:integration`;
  const access = `${one}/accesses/:access`;
  app.get('/style.css', () => new Response(style, { headers: { 'Content-Type': 'text/css' } }));
  app.get('/sign-in', (http) => pages.signIn(http));
  app.post('/sign-in', (http) => pages.checkSignIn(http));
  app.post('/sign-out', (http) => pages.signOut(http));
  app.get('/', (http) => http.redirect(`${deps.root}/administrative-access`));
  app.get('/administrative-access', pages.showPage('areas'));
  app.get('/administrative-access/api', pages.showPage('api'));
  app.get(path, pages.showPage('integrations'));
  app.get(one, pages.showPage('general'));
  app.get(`${one}/accesses`, pages.showPage('accesses'));
  app.post(`${one}/accesses`, pages.submitForm('add'));
  app.get(`${one}/accesses/new`, pages.showPage('newAccess'));
  app.get(`${one}/permissions`, pages.showPage('permissions'));
  app.get(access, pages.showPage('access'));
  app.get(`${access}/edit`, pages.showPage('editAccess'));
  app.post(`${access}/edit`, pages.submitForm('change'));
  app.get(`${access}/delete`, pages.showPage('confirmDelete'));
  app.post(`${access}/delete`, pages.submitForm('remove'));
  app.post(`${access}/extend`, pages.submitForm('extend'));
  app.post(`${access}/never-expire`, pages.submitForm('neverExpire'));
  app.all('*', pages.showPage('notFound'));
  return app;
}

/** A request of a signed-in user. */
interface SignedInRequest {
  readonly http: Context;
  readonly session: AdminSession;
  readonly submitForm: URLSearchParams;
}

type PageHandler = (request: SignedInRequest) => Response | Promise<Response>;

class AdminPages {
  readonly #deps: AdminPagesDeps;
  readonly #sessions: AdminSessions;

  constructor(deps: AdminPagesDeps) {
    this.#deps = deps;
    this.#sessions = new AdminSessions(deps.now);
  }

  /** Shows a page to signed-in users; redirects others to the sign-in page. */
  showPage(name: PageName): (http: Context) => Promise<Response> {
    return async (http) => {
      const session = this.#session(http);
      if (session?.user === undefined) return http.redirect(`${this.#deps.root}/sign-in`);
      return this[name]({ http, session, submitForm: new URLSearchParams() });
    };
  }

  /** Handles a form of a signed-in user, if it comes from a page of that session. */
  submitForm(name: FormName): (http: Context) => Promise<Response> {
    return async (http) => {
      const session = this.#session(http);
      if (session?.user === undefined) return http.redirect(`${this.#deps.root}/sign-in`);
      const submitForm = new URLSearchParams(await http.req.text());
      if (!isOwnForm(session, submitForm.get('formToken'))) return this.#rejectForm(http, session);
      return this[name]({ http, session, submitForm });
    };
  }

  signIn(http: Context): Promise<Response> {
    return this.#signInPage(http, '', undefined, 200);
  }

  async checkSignIn(http: Context): Promise<Response> {
    const submitForm = new URLSearchParams(await http.req.text());
    const session = this.#session(http);
    const login = (submitForm.get('login') ?? '').trim();
    if (session === undefined || !isOwnForm(session, submitForm.get('formToken'))) {
      return this.#signInPage(http, login, 'This form was out of date. Sign in again.', 403);
    }
    const isRight =
      isSameText(login.toLowerCase(), this.#deps.user.toLowerCase()) &&
      isSameText(submitForm.get('password') ?? '', this.#deps.password);
    if (!isRight) {
      return this.#signInPage(http, login, 'The login or the password is wrong.', 401);
    }
    this.#sessions.end(session.id);
    this.#begin(http, this.#deps.user);
    return http.redirect(`${this.#deps.root}/administrative-access`, 303);
  }

  async signOut(http: Context): Promise<Response> {
    const submitForm = new URLSearchParams(await http.req.text());
    const session = this.#session(http);
    if (session !== undefined && isOwnForm(session, submitForm.get('formToken'))) {
      this.#sessions.end(session.id);
      deleteCookie(http, cookieName, { path: this.#deps.root });
    }
    return http.redirect(`${this.#deps.root}/sign-in`, 303);
  }

  areas(request: SignedInRequest): Promise<Response> {
    const href = `${this.#deps.root}/administrative-access/api`;
    const about = 'Who may read and write data from outside';
    return this.#page(request, {
      title: 'Administrative Access',
      content: linkTilesView([{ text: 'API', href, description: about }]),
    });
  }

  api(request: SignedInRequest): Promise<Response> {
    const about = 'Products of vendors, and the accesses that let them in';
    return this.#page(request, {
      title: 'API',
      breadcrumb: this.#trail(1),
      content: linkTilesView([{ text: 'Integration', href: this.#listPath, description: about }]),
    });
  }

  integrations(request: SignedInRequest): Promise<Response> {
    const { integrations, accesses } = this.#deps;
    const rows = integrations.map((integration) => ({
      integration,
      accessCount: accesses.list(integration.id).length,
    }));
    return this.#page(request, {
      title: 'Integration',
      breadcrumb: this.#trail(2),
      content: integrationListView(rows, (each) => this.#createPath(each)),
    });
  }

  general(request: SignedInRequest): Promise<Response> {
    return this.#tab(request, 'general', (integration) => generalView(integration));
  }

  permissions(request: SignedInRequest): Promise<Response> {
    return this.#tab(request, 'permissions', (integration) =>
      permissionsView(this.#deps.listPermissions(integration)),
    );
  }

  accesses(request: SignedInRequest): Promise<Response> {
    return this.#tab(request, 'accesses', (integration) =>
      accessListView({
        accesses: this.#deps.accesses.list(integration.id),
        today: this.#deps.today(),
        addHref: `${this.#createPath(integration)}/accesses/new`,
        createHref: (access) => this.#createPath(integration, access),
      }),
    );
  }

  newAccess(request: SignedInRequest): Promise<Response> {
    const form = newAccessForm(this.#deps.today());
    return this.#withIntegration(request, (integration) =>
      this.#formPage(request, integration, undefined, form, {}),
    );
  }

  add(request: SignedInRequest): Promise<Response> {
    return this.#withIntegration(request, (integration) => {
      const form = readAccessForm(request.submitForm);
      const checked = this.#check(form, undefined);
      if ('errors' in checked) {
        return this.#formPage(request, integration, undefined, form, checked.errors);
      }
      const access = this.#deps.accesses.add({
        ...checked.draft,
        integrationId: integration.id,
        secret: null,
        secrets: [],
        fields: this.#deps.listPermissions(integration),
        allowsWriting: false,
      });
      return this.#done(request, integration, access, `${access.name} was added.`);
    });
  }

  access(request: SignedInRequest): Promise<Response> {
    return this.#withAccess(request, (integration, access) => {
      const base = this.#createPath(integration, access);
      const content = accessView({
        access,
        integration,
        today: this.#deps.today(),
        entities: this.#deps.entities(),
        base,
        formToken: request.session.formToken,
      });
      return this.#page(request, {
        title: access.name,
        breadcrumb: this.#trail(3, integration),
        content,
      });
    });
  }

  editAccess(request: SignedInRequest): Promise<Response> {
    return this.#withAccess(request, (integration, access) => {
      const allEntityIds = this.#deps.entities().map(({ id }) => id);
      return this.#formPage(request, integration, access, toAccessForm(access, allEntityIds), {});
    });
  }

  change(request: SignedInRequest): Promise<Response> {
    return this.#withAccess(request, (integration, access) => {
      const form = readAccessForm(request.submitForm);
      const checked = this.#check(form, access);
      if ('errors' in checked) {
        return this.#formPage(request, integration, access, form, checked.errors);
      }
      this.#deps.accesses.rename(access.key, checked.draft.key);
      this.#deps.accesses.change(checked.draft.key, checked.draft);
      return this.#done(request, integration, access, `${checked.draft.name} was saved.`);
    });
  }

  confirmDelete(request: SignedInRequest): Promise<Response> {
    return this.#withAccess(request, (integration, access) =>
      this.#page(request, {
        title: 'Delete Integration Access',
        breadcrumb: this.#trail(3, integration),
        content: deleteView(
          access,
          this.#createPath(integration, access),
          request.session.formToken,
        ),
      }),
    );
  }

  remove(request: SignedInRequest): Promise<Response> {
    return this.#withAccess(request, (integration, access) => {
      this.#deps.accesses.remove(access.key);
      return this.#done(request, integration, undefined, `${access.name} was deleted.`);
    });
  }

  extend(request: SignedInRequest): Promise<Response> {
    return this.#withAccess(request, (integration, access) => {
      const { expirationDate, key } = access;
      if (expirationDate === null) return this.#done(request, integration, access, undefined);
      const today = this.#deps.today();
      // An access that expired long ago also gets a whole year.
      const later = addYear(expirationDate < today ? today : expirationDate);
      this.#deps.accesses.change(key, { expirationDate: later });
      return this.#done(request, integration, access, `${access.name} now expires on ${later}.`);
    });
  }

  neverExpire(request: SignedInRequest): Promise<Response> {
    return this.#withAccess(request, (integration, access) => {
      this.#deps.accesses.change(access.key, { expirationDate: null });
      return this.#done(request, integration, access, `${access.name} no longer expires.`);
    });
  }

  notFound(request: SignedInRequest): Promise<Response> {
    return this.#page(
      request,
      {
        title: 'Not Found',
        content: messageView(
          'The page does not exist, or its content was deleted.',
          this.#listPath,
          'Go to Integration',
        ),
      },
      404,
    );
  }

  get #listPath(): string {
    return `${this.#deps.root}/administrative-access/api/integration`;
  }

  #createPath(integration: Integration, access?: Access): string {
    const base = `${this.#listPath}/${integration.id}`;
    return access === undefined ? base : `${base}/accesses/${access.id}`;
  }

  /** Returns the parent pages of a page `depth` levels down. */
  #trail(depth: number, integration?: Integration): { text: string; href: string }[] {
    const { root } = this.#deps;
    return [
      { text: 'Administrative Access', href: `${root}/administrative-access` },
      { text: 'API', href: `${root}/administrative-access/api` },
      { text: 'Integration', href: this.#listPath },
      ...(integration === undefined
        ? []
        : [
            { text: integration.productName, href: this.#createPath(integration) },
            { text: 'Integration Accesses', href: `${this.#createPath(integration)}/accesses` },
          ]),
    ].slice(0, integration === undefined ? depth : undefined);
  }

  #check(
    form: AccessForm,
    access: Access | undefined,
  ): { draft: AccessDraft } | { errors: FormErrors } {
    return checkAccessForm(form, {
      entityIds: this.#deps.entities().map(({ id }) => id),
      isKeyTaken: (key) => key !== access?.key && this.#deps.accesses.find(key) !== undefined,
    });
  }

  #withIntegration(
    request: SignedInRequest,
    show: (integration: Integration) => ReturnType<PageHandler>,
  ) {
    const id = Number(request.http.req.param('integration'));
    const integration = this.#deps.integrations.find((each) => each.id === id);
    return Promise.resolve(integration === undefined ? this.notFound(request) : show(integration));
  }

  #withAccess(
    request: SignedInRequest,
    show: (integration: Integration, access: Access) => ReturnType<PageHandler>,
  ): Promise<Response> {
    return this.#withIntegration(request, (integration) => {
      const access = this.#deps.accesses.findById(Number(request.http.req.param('access')));
      return access?.integrationId === integration.id
        ? show(integration, access)
        : this.notFound(request);
    });
  }

  #tab(request: SignedInRequest, tab: IntegrationTab, show: (integration: Integration) => Html) {
    return this.#withIntegration(request, (integration) =>
      this.#page(request, {
        title: integration.productName,
        breadcrumb: this.#trail(3),
        content: tabbedView(this.#createPath(integration), tab, show(integration)),
      }),
    );
  }

  #formPage(
    request: SignedInRequest,
    integration: Integration,
    access: Access | undefined,
    form: AccessForm,
    errors: FormErrors,
  ): Promise<Response> {
    const list = `${this.#createPath(integration)}/accesses`;
    const own = access === undefined ? list : this.#createPath(integration, access);
    const content = accessFormView({
      form,
      errors,
      entities: this.#deps.entities(),
      action: access === undefined ? list : `${own}/edit`,
      cancelHref: own,
      formToken: request.session.formToken,
      hasSecret: access !== undefined && secretState(access) !== 'none',
    });
    const title = access === undefined ? 'Add Integration Access' : 'Edit Integration Access';
    const trail = this.#trail(3, integration);
    return this.#page(
      request,
      { title, breadcrumb: trail, content },
      Object.keys(errors).length > 0 ? 422 : 200,
    );
  }

  /** Redirects after a change: to the access, or to the list if it was deleted, with a notice. */
  #done(
    { http, session }: SignedInRequest,
    integration: Integration,
    access: Access | undefined,
    notice: string | undefined,
  ): Response {
    session.notice = notice;
    const list = `${this.#createPath(integration)}/accesses`;
    return http.redirect(access === undefined ? list : this.#createPath(integration, access), 303);
  }

  #session(http: Context): AdminSession | undefined {
    return this.#sessions.find(getCookie(http, cookieName));
  }

  #begin(http: Context, user: string | undefined): AdminSession {
    const session = this.#sessions.start(user);
    setCookie(http, cookieName, session.id, {
      path: this.#deps.root,
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
    const { root } = this.#deps;
    const session = this.#session(http) ?? this.#begin(http, undefined);
    const content = signInView({ root, formToken: session.formToken, login, problem });
    return http.html(page({ title: 'Sign In', root, content }), status, headers);
  }

  #rejectForm(http: Context, session: AdminSession): Promise<Response> {
    return this.#page(
      { http, session, submitForm: new URLSearchParams() },
      {
        title: 'Form Out of Date',
        content: messageView(
          'This form does not belong to your session, so nothing was changed. Open the page again and resend the form.',
          this.#listPath,
          'Go to Integration',
        ),
      },
      403,
    );
  }

  async #page(
    { http, session }: SignedInRequest,
    frame: Omit<PageFrame, 'root' | 'user' | 'formToken' | 'notice'>,
    status: 200 | 403 | 404 | 422 = 200,
  ): Promise<Response> {
    const { notice, user, formToken } = session;
    session.notice = undefined;
    const { root } = this.#deps;
    return http.html(page({ ...frame, root, user, formToken, notice }), status, headers);
  }
}

type PageName =
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
  | 'notFound';

type FormName = 'add' | 'change' | 'remove' | 'extend' | 'neverExpire';
