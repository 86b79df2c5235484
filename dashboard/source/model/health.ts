// What a critical health check that fails means for people who look at the page.

const failingWords: Record<string, string> = {
  log: 'Log away', telemetry: 'No readings', partitions: 'Engine hears nothing',
  sites: 'Site stands still', actors: 'Restart the engine',
};

/// The first of the critical checks that fail, in words; empty where none does.
export function failureWords(failing: string[]): string {
  const [first] = failing;
  if (first === undefined) return '';
  const words = failingWords[first] ?? `Not ready: ${first}`;
  return failing.length === 1 ? words : `${words} (+${failing.length - 1})`;
}
