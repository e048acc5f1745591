/** @module The page in Korean. */
import type { Messages } from './en.ts';

export const ko: Messages = {
  language: '한국어',
  title: 'Latent Dogs',
  tagline: '세상에 없는 강아지들입니다. 두 마리를 골라 서로 변해 가는 모습을 보세요.',
  skip: '강아지 목록으로 건너뛰기',

  gallery: '갤러리',
  favourites: '즐겨찾기',
  howItWorks: '작동 원리',
  makeYourOwn: '직접 만들기',
  onlyHere: (name) => `${name} (이 기기에만 있음)`,
  linkPrivate: '링크를 복사했습니다. 모델이 이 기기에만 있어, 링크도 이 기기에서만 열립니다.',
  languageChoice: '언어',
  allDogs: '모든 강아지',

  search: '이름이나 숫자로 강아지 찾기',
  searchPlaceholder: '내 이름 또는 숫자',
  searchButton: '이 강아지 보기',

  dog: (label) => `강아지 ${label}`,
  gridLabel: '번호순 강아지, 끝없이',
  gridHelp:
    '화살표 키로 이동하고, Enter로 고르거나 되돌려 놓고, F로 즐겨찾기에 담습니다. 강아지를 다른 강아지 위로 끌어도 됩니다.',
  shuffle: '다른 강아지들',
  shuffleHint: '무작위 번호로 이동',
  picked: (order) => `고름, 순서 ${order}`,

  stage: '지금 보는 강아지',
  walk: '모핑',
  mix: '섞기',
  viewChoice: '고른 강아지로 할 일',
  stageEmpty: '강아지를 고르거나 이름을 입력해 보세요.',
  oneDogHint: '한 마리를 더 고르면 그 강아지로 변해 갑니다.',
  attractHint: '세 강아지 사이를 거닐고 있습니다. 직접 골라 보세요.',
  position: '강아지 사이의 위치',
  positionText: (percent, from, to) => `${from}에서 ${to}까지 ${percent}% 지점`,
  play: '재생',
  pause: '일시정지',
  speed: '속도',
  remove: (label) => `강아지 ${label} 되돌려 놓기`,
  clear: '처음부터',
  walkLabel: '고른 강아지들',
  tooMany: (most) => `최대 ${most}마리까지 고를 수 있습니다. 먼저 한 마리를 되돌려 놓으세요.`,

  pad: '섞기 판: 끌거나 화살표 키를 쓰세요',
  padText: (right, down) => `오른쪽으로 ${right}%, 아래로 ${down}%`,

  tune: '다이얼',
  truncation: '다양성',
  truncationHint: '왼쪽은 평균적인 강아지, 오른쪽은 개성 있는 강아지.',
  direction: (number) => `방향 ${number}`,
  reset: '초기화',

  favourite: '즐겨찾기',
  keep: '즐겨찾기에 담기',
  unkeep: '즐겨찾기에서 빼기',
  copyLink: '링크 복사',
  linkCopied: '링크를 복사했습니다. 바로 이 강아지가 열립니다.',
  linkShown: '여기서는 복사할 수 없습니다. 주소창의 링크를 쓰세요.',
  save: '저장',
  saveMenu: '이 강아지 저장',
  savePng: '사진 (PNG)',
  saveVideo: '동영상',
  saveGif: '움직이는 그림 (GIF)',
  saving: (percent) => `녹화 중… ${percent}%`,
  saved: (file) => `${file} 파일을 저장했습니다.`,
  noVideo: '이 브라우저는 동영상을 녹화할 수 없습니다. 움직이는 그림(GIF)은 어디서나 됩니다.',
  needTwo: '동영상을 만들려면 먼저 두 마리를 고르세요.',
  cancel: '취소',

  noFavourites: '아직 담은 강아지가 없습니다. 하트를 누르면 이 기기에만 보관됩니다.',
  exportFavourites: '파일로 저장',
  importFavourites: '파일에서 추가',
  imported: (count) => `즐겨찾기 ${count}개를 추가했습니다.`,
  notFavourites: '이 페이지의 즐겨찾기 파일이 아닙니다. ‘파일로 저장’으로 만든 파일을 고르세요.',
  openFavourite: (label) => `${label} 보기`,
  storageFull: '이 브라우저는 저장을 허용하지 않아, 창을 닫으면 즐겨찾기가 사라집니다. 파일로 저장해 두세요.',
  otherModel: (name) => `여기에 없는 모델 ‘${name}’이 만든 강아지입니다. 다른 모델은 다른 강아지를 보여 줍니다.`,
  modelChanged: (name) => `이 링크를 만든 뒤 모델 ‘${name}’을 다시 학습해서, 강아지들의 모습이 달라졌습니다.`,

  loading: (percent) => `강아지들을 깨우는 중… ${percent}%`,
  loadingLabel: '생성기 불러오기',
  model: '모델',
  badge: (provider, threads, milliseconds) =>
    `${provider}${threads > 1 ? `, 스레드 ${threads}개` : ''} · 한 마리에 ${milliseconds}ms`,
  badgeHint: '모든 강아지는 이 기기에서 만들어지며, 아무것도 전송하지 않습니다.',
  fellBack: '그래픽 장치가 사라져, 이제 프로세서가 조금 더 느리게 강아지를 만듭니다.',

  failureTitle: {
    'no-simd': '강아지를 만들기에는 오래된 브라우저입니다',
    download: '생성기를 불러오지 못했습니다',
    damaged: '생성기 파일이 손상되었습니다',
    script: '페이지의 일부를 불러오지 못했습니다',
    session: '이 기기에서 생성기가 실행되지 않습니다',
    'no-models': '아직 강아지가 없습니다',
  },
  failureHelp: {
    'no-simd':
      '강아지는 이 기기에서 만들어지며 WebAssembly SIMD가 필요합니다. Chrome·Edge 91, Firefox 114, Safari 16.4 이상으로 업데이트해 주세요. 그때까지는 미리 만든 강아지를 보여 드립니다.',
    download: '인터넷 연결을 확인하고 다시 시도해 주세요. 계속 안 되면 사이트에 모델 파일이 없는 것일 수 있습니다.',
    damaged: '다시 시도해 주세요. 그래도 안 되면 사이트가 업데이트되는 중이니 잠시 기다려 주세요.',
    script: '페이지를 연 뒤 사이트가 업데이트되었거나 연결이 끊겼습니다. 페이지를 새로고침해 주세요.',
    session: '다른 탭을 닫아 메모리를 확보한 뒤 다시 시도해 주세요. 그때까지는 미리 만든 강아지를 보여 드립니다.',
    'no-models':
      '‘pnpm train’으로 모델을 학습하고 ‘pnpm export’로 내보낸 뒤 이 페이지를 다시 빌드하세요. 사진이 없으면 학습기가 강아지를 직접 그려서 배웁니다.',
  },
  tryAgain: '다시 시도',
  reload: '새로고침',
  newVersion: '이 페이지의 새 버전이 있습니다.',
  later: '나중에',
  samplesAlt: '이 모델이 전에 만든 강아지들',

  explainLead:
    '작은 신경망이 이 기기에서 잡음으로부터 모든 강아지를 그립니다. 한 마리가 만들어지는 길을 천천히 따라가 보세요.',
  explainNoise: '시작은 잡음입니다',
  explainNoiseText: (count) =>
    `이름 같은 시드 하나가 난수 생성기를 움직여 종 모양 분포에서 숫자 ${count}개를 뽑습니다. 강아지는 그게 전부입니다. 숫자를 조금 바꾸면 강아지도 조금 바뀌고, 한 목록에서 다른 목록으로 걸어가면 모핑이 됩니다.`,
  explainLayer: (number, width) => `${number}번째 층: ${width} × ${width}`,
  explainFirst: (channels) =>
    `숫자들이 아주 작은 그림 ${channels}장으로 펼쳐집니다. 아직 강아지다운 것은 없고, ‘왼쪽에서 오는 빛’이나 ‘위쪽은 어둡게’ 같은 제안일 뿐입니다.`,
  explainSecond: (channels) =>
    `두 배로 넓어지고, 앞의 모든 그림에서 그림 ${channels}장이 새로 그려집니다. 머리가 어디에 있고 배경이 어디서 시작하는지 여기서 정해집니다.`,
  explainMiddle: (channels) => `다시 두 배로 넓어진 그림 ${channels}장에 귀와 주둥이, 눈의 윤곽이 모입니다.`,
  explainLast: (channels) =>
    `최종 크기의 절반인 그림 ${channels}장: 털과 가장자리, 빛. 밝은 곳은 그 층이 찾는 특징이 보이는 곳입니다.`,
  explainShown: (shown, channels) => `${channels}장 가운데 가장 뚜렷한 ${shown}장`,
  explainPicture: '그리고 강아지',
  explainPictureText: (size) =>
    `마지막 층이 모든 것을 빨강, 초록, 파랑으로 섞습니다. ${size} × ${size} 픽셀, 세상에 없던 강아지입니다.`,
  explainAnother: '다른 강아지',
  explainFailed: '이 브라우저에서는 층을 열어 볼 수 없습니다.',
  explainTraining: '어떻게 배웠을까',
  explainTrainingText: (images, count) =>
    `두 신경망이 놀이를 했습니다. 하나는 강아지를 그리고, 다른 하나는 진짜 사진 ${count}장과 구별해야 했습니다. ${images}번 본 뒤 이만큼 그리게 되었습니다. 같은 강아지 열여섯 마리가 학습 중에 변해 온 모습입니다.`,
  explainTrainingPosition: '학습 시점',
  explainSeen: (images) => `그림 ${images}장을 본 뒤`,
  explainFacts: '숫자로 보는 모델',
  factModel: '모델',
  factPicture: '그림',
  factNumbers: '강아지 하나를 이루는 숫자',
  factFile: '신경망의 크기',
  factPhotos: '배운 사진',
  factSeen: '학습에서 본 그림',
  factPrecision: '정밀도',
  backToGallery: '갤러리로 돌아가기',
};
