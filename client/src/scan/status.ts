import { Disposable, StatusBarAlignment, ThemeColor, window, workspace } from 'vscode';
import { countsOf, countText, kindText } from './counts.ts';
import type { ScanViews } from './store-views.ts';

/** How much was found in the newest scan, at the bottom; nothing before the first one. */
export function showStatus(views: ScanViews): Disposable {
  const item = window.createStatusBarItem('shipshape.findings', StatusBarAlignment.Left, 0);
  item.name = 'Shipshape: findings';
  item.command = 'shipshape.findings.focus';
  const show = (): void => {
    const newest = views.all.at(0);
    const isWanted = workspace.getConfiguration('shipshape.statusBar').get<boolean>('scan', true);
    if (!newest || !isWanted) {
      item.hide();
      return;
    }
    const { scan, placed, covered, isStale } = newest;
    const findings = placed.map(({ finding }) => finding).filter((finding) => !covered.has(finding));
    const [worst, next] = countsOf(findings).map(([severity, count]) => `${count} ${severity.toLowerCase()}`);
    item.text = `$(shield) ${worst === undefined ? 'Nothing found' : [worst, next].filter(Boolean).join(', ')}`;
    const found = findings.length === 0 ? 'nothing found' : `${kindText(findings)}: ${countText(findings)}`;
    item.tooltip = `${scan.label}: ${found}${isStale ? ', before your last change' : ''}`;
    item.color = isStale ? new ThemeColor('disabledForeground') : undefined;
    item.show();
  };
  show();
  const listening = [
    views.onDidChange(show),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('shipshape.statusBar.scan')) show();
    }),
  ];
  return Disposable.from(...listening, item);
}
