/** Help in the app: pages of the documentation and a list of them. */
import './help.css';

import { useIntersection } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation, useParams } from '@tanstack/react-router';
import { isValidElement, type ReactNode, useEffect, useState } from 'react';
import Markdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';

import { LoadingRows } from '../shell/list-state.tsx';
import { NotFoundScreen } from '../shell/not-found-screen.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { ScreenTitle } from '../shell/screen-title.tsx';
import { headingName, helpLink, type HelpPage, helpPages, pictureAddress } from './help-pages.ts';

export function HelpScreen() {
  return <Page page="" />;
}

export function HelpPageScreen() {
  return <Page page={useParams({ from: '/signed-in/help/$page' }).page} />;
}

function Page({ page }: { readonly page: string }) {
  const shown = helpPages.find((one) => one.page === page);
  if (shown === undefined) return <NotFoundScreen />;
  return (
    <div className="screen help">
      <nav aria-label="Help" className="help-pages">
        {helpPages.map((one) => (
          <PageLink key={one.page} page={one.page}>
            {one.title}
          </PageLink>
        ))}
      </nav>
      <article className="help-text">
        <ScreenTitle name={shown.title}>{shown.title}</ScreenTitle>
        <PageText key={page} page={shown} />
      </article>
    </div>
  );
}

function PageText({ page: { page, load } }: { readonly page: HelpPage }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['help', page],
    queryFn: load,
    staleTime: Infinity,
  });
  const hash = useLocation({ select: (location) => location.hash });
  // The text is not there yet when the router looks for the heading.
  useEffect(() => {
    if (data !== undefined && hash !== '') document.getElementById(hash)?.scrollIntoView();
  }, [data, hash]);
  if (data !== undefined) {
    return (
      <Markdown remarkPlugins={[remarkGfm]} components={parts}>
        {data}
      </Markdown>
    );
  }
  return error === null ? (
    <LoadingRows label="Loading the help" />
  ) : (
    <ProblemNotice
      title="The help could not be loaded"
      error={error}
      onRetry={() => void refetch()}
    />
  );
}

interface PageLinkProps {
  readonly page: string;
  readonly hash?: string;
  readonly children: ReactNode;
}

function PageLink({ page, hash = '', children }: PageLinkProps) {
  const active = {
    activeProps: { 'aria-current': 'page' },
    activeOptions: { exact: true },
  } as const;
  return page === '' ? (
    <Link to="/help" hash={hash} {...active}>
      {children}
    </Link>
  ) : (
    <Link to="/help/$page" params={{ page }} hash={hash} {...active}>
      {children}
    </Link>
  );
}

const parts: Components = {
  h2: ({ children }) => <h2 id={headingName(textOf(children))}>{children}</h2>,
  h3: ({ children }) => <h3 id={headingName(textOf(children))}>{children}</h3>,
  // Wider than a phone, so it scrolls separately, also with the keyboard.
  table: ({ children }) => (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <figure className="help-table" aria-label="Table" tabIndex={0}>
      <table>{children}</table>
    </figure>
  ),
  // Error codes are anchors: /help/problems#wrong-credentials
  td: ({ children }) => <td id={codeOf(children)}>{children}</td>,
  img: ({ src, alt }) => {
    const address = pictureAddress(typeof src === 'string' ? src : '');
    return address === undefined ? null : <Picture address={address} alt={alt} />;
  },
  a: ({ href = '', children }) => {
    if (href.startsWith('#')) return <a href={href}>{children}</a>;
    const link = helpLink(href);
    // Pages for operators are not part of the app.
    return link === undefined ? <span>{children}</span> : <PageLink {...link}>{children}</PageLink>;
  },
};

/** Loaded shortly before it comes into sight; browsers load lazy images thousands of pixels earlier. */
function Picture({ address, alt }: { readonly address: string; readonly alt: string | undefined }) {
  const { ref, entry } = useIntersection({ rootMargin: '300px' });
  const [isNear, setNear] = useState(false);
  if (entry?.isIntersecting === true && !isNear) setNear(true);
  return <img ref={ref} src={isNear ? address : blank} alt={alt} className="help-picture" />;
}

const blank = 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==';

function textOf(node: ReactNode): string {
  if (typeof node === 'string' || typeof node === 'number') return String(node);
  if (Array.isArray(node)) return node.map((one: ReactNode) => textOf(one)).join('');
  return isValidElement<{ children?: ReactNode }>(node) ? textOf(node.props.children) : '';
}

function codeOf(node: ReactNode): string | undefined {
  const single: unknown = Array.isArray(node) && node.length === 1 ? node[0] : node;
  return isValidElement<{ children?: ReactNode }>(single) && single.type === 'code'
    ? textOf(single.props.children)
    : undefined;
}
