/** Texts of what an agent did in a step. */
export const en = {
  stepTypes: {
    action: 'Action',
    thinking: 'Thinking',
    screenshot: 'Screenshot',
    error: 'Error',
    validation: 'Validation',
    completion: 'Completion',
  },
  actions: {
    tap: (place: string) => `Tap ${place}`.trim(),
    doubleTap: (place: string) => `Double-tap ${place}`.trim(),
    longPress: (place: string) => `Long-press ${place}`.trim(),
    type: (text: string) => (text ? `Type “${text}”` : 'Type'),
    launch: (app: string) => `Open ${app}`.trim(),
    swipe: { up: 'Swipe up', down: 'Swipe down', left: 'Swipe left', right: 'Swipe right', unknown: 'Swipe' },
    back: 'Go back',
    home: 'Go to the home screen',
    wait: (duration: string) => `Wait ${duration}`.trim(),
    waitSeconds: (seconds: number) => (seconds === 1 ? 'Wait 1 second' : `Wait ${seconds} seconds`),
    takeOver: (message: string) => (message ? `Ask the user to take over: ${message}` : 'Ask the user to take over'),
    interact: (message: string) => (message ? `Ask the user: ${message}` : 'Ask the user'),
    note: (message: string) => (message ? `Note: ${message}` : 'Note'),
    finish: (message: string) => (message ? `Finish: ${message}` : 'Finish'),
  },
};

export const zh: typeof en = {
  stepTypes: {
    action: '操作',
    thinking: '思考',
    screenshot: '截图',
    error: '错误',
    validation: '校验',
    completion: '完成',
  },
  actions: {
    tap: (place) => `点击 ${place}`.trim(),
    doubleTap: (place) => `双击 ${place}`.trim(),
    longPress: (place) => `长按 ${place}`.trim(),
    type: (text) => (text ? `输入“${text}”` : '输入'),
    launch: (app) => `打开 ${app}`.trim(),
    swipe: { up: '上滑', down: '下滑', left: '左滑', right: '右滑', unknown: '滑动' },
    back: '返回',
    home: '回到主屏幕',
    wait: (duration) => `等待 ${duration}`.trim(),
    waitSeconds: (seconds) => `等待 ${seconds} 秒`,
    takeOver: (message) => (message ? `请用户接管：${message}` : '请用户接管'),
    interact: (message) => (message ? `询问用户：${message}` : '询问用户'),
    note: (message) => (message ? `记录：${message}` : '记录'),
    finish: (message) => (message ? `结束：${message}` : '结束'),
  },
};
