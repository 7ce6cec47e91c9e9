/** Texts of the screen and of the difference between two screenshots. */
export const en = {
  views: {
    label: 'Screenshot',
    before: 'Before',
    after: 'After',
    other: 'Other',
    difference: 'Difference',
  },
  stage: {
    screenshot: (role: string, step: number, action: string) => `${role} step ${step}: ${action}`,
    loading: 'Loading…',
    none: 'No screenshot',
    failed: 'The screenshot could not be loaded.',
    deleted: 'This screenshot was deleted.',
    sensitive: 'This screenshot may show private data.',
    show: 'Show screenshot',
    showAll: 'Show all sensitive screenshots',
  },
  difference: {
    compared: (from: string, to: string) => `${from} → ${to}`,
    before: (step: number) => `before step ${step}`,
    after: (step: number) => `after step ${step}`,
    other: (step: number) => `during step ${step}`,
    share: (percent: string, regions: number) => (regions === 1 ? `${percent} of the screen changed, in 1 area` : `${percent} of the screen changed, in ${regions} areas`),
    none: 'The two screenshots look the same.',
    nothing: 'There is no other screenshot to compare with.',
    shapes: 'The two screenshots have different aspect ratios.',
    slider: 'Boundary between the earlier and the later screenshot',
  },
};

export const zh: typeof en = {
  views: {
    label: '截图',
    before: '操作前',
    after: '操作后',
    other: '其他',
    difference: '差异',
  },
  stage: {
    screenshot: (role, step, action) => `第 ${step} 步${role}：${action}`,
    loading: '加载中…',
    none: '没有截图',
    failed: '截图加载失败。',
    deleted: '此截图已被删除。',
    sensitive: '此截图可能包含隐私内容。',
    show: '显示',
    showAll: '显示此任务的所有敏感截图',
  },
  difference: {
    compared: (from, to) => `${from} → ${to}`,
    before: (step) => `第 ${step} 步之前`,
    after: (step) => `第 ${step} 步之后`,
    other: (step) => `第 ${step} 步期间`,
    share: (percent, regions) => `屏幕有 ${percent} 发生变化，共 ${regions} 处`,
    none: '两张截图看起来相同。',
    nothing: '没有可对比的其他截图。',
    shapes: '两张截图的宽高比不同。',
    slider: '前后两张截图的分界线',
  },
};
