/** Earlier editors would take what they are given for a list of scopes. */
export function takesChallenges(editor: string): boolean {
  const [major = 0, minor = 0] = editor.split('.').map(Number);
  return major > 1 || (major === 1 && minor >= 105);
}
