/** Why signing in with the district did not work, in words. */
import type { SingleSignOnProblem } from '../../src/contract/accounts/single-sign-on.ts';

export const singleSignOnProblemSentences: Readonly<Record<SingleSignOnProblem, string>> = {
  'not-available': 'This district does not use single sign-on here. Sign in with your password.',
  'provider-error':
    "Your district's sign-in service did not answer as expected. Try again, or tell your administrator.",
  cancelled: 'You came back without having signed in. Try again when you want to.',
  expired: 'It took too long, or you came back in another window. Try again.',
  'other-provider':
    "The answer did not come from your district's sign-in service, so you were not signed in. Try again; if it happens again, tell your administrator.",
  'wrong-domain': "The e-mail of your district sign-in does not belong to the district's domain.",
  'not-verified':
    'Your district has not confirmed your e-mail. Tell your administrator, who can change that.',
  'unknown-user': 'You have no account here yet. Ask an administrator of your district.',
  'other-identity':
    'This e-mail belonged to somebody else before. Ask an administrator of your district.',
  'other-account':
    'You signed in at your district as somebody else. Sign in there as the person who is signed in here.',
  'not-recent':
    'Your district did not say that you signed in just now. If this happens again, ask support to make the change.',
  'account-suspended': 'This account is locked. An administrator of your district can unlock it.',
};
