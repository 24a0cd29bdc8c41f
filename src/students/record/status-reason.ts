/** Why a stored student has his status, whether the import or a person gave it. */
import type { DistrictEnrollmentStatus } from '../../enrollment/enrollment-status.ts';
import { statusLabels } from '../../enrollment/enrollment-status.ts';
import type { StatusRule } from '../../enrollment/status-decision.ts';
import { statusReason } from '../../enrollment/status-reason.ts';

/** One sentence. `rule` is null when the status was set by hand (R42). */
export const formatStatusReason = (
  status: DistrictEnrollmentStatus,
  rule: StatusRule | null,
): string => (rule === null ? `${statusLabels[status]}, set by hand.` : statusReason({ rule }));
