/** What a parent is sent, in the language of the page on which it was asked for. */
export const MESSAGE_LANGUAGES = ['en', 'pl', 'ar'] as const;
export type MessageLanguage = (typeof MESSAGE_LANGUAGES)[number];

interface Facts {
  /** The round's title. */
  title: string;
  age: number;
  link: string;
  /** The first name that was typed for this message alone. */
  name: string | undefined;
}

const words: Record<MessageLanguage, (facts: Facts) => { subject: string; body: string }> = {
  en: ({ title, age, link, name }) => ({
    subject: 'A question for you',
    body: `${name ?? 'Somebody in your care'} would like to vote in “${title}”. Under ${age}, a parent says yes first. Say yes or no here: ${link} – You will never see how they vote, and nobody else will either. If you do not know what this is about, leave it: nothing happens.`,
  }),
  pl: ({ title, age, link, name }) => ({
    subject: 'Pytanie do Ciebie',
    body: `${name ?? 'Ktoś pod Twoją opieką'} chce zagłosować w „${title}”. Poniżej ${age} lat najpierw zgadza się rodzic. Tu możesz powiedzieć tak lub nie: ${link} – Nie zobaczysz, jak głosuje, i nikt inny też nie. Jeśli nie wiesz, o co chodzi, zostaw to: nic się nie stanie.`,
  }),
  ar: ({ title, age, link, name }) => ({
    subject: 'سؤال لك',
    body: `يريد ${name ? `\u2068${name}\u2069` : 'شخص في رعايتك'} التصويت في «\u2068${title}\u2069». لمن هم دون سن ${age} يوافق أحد الوالدين أولاً. قل نعم أو لا هنا: ${link} – لن ترى كيف يصوّت، ولن يراه أحد غيرك أيضاً. إن لم تعرف عمّا يدور الأمر فاتركه: لن يحدث شيء.`,
  }),
};

/** The message that carries a parent's private link. */
export function consentMessage(language: MessageLanguage, facts: Facts): { subject: string; body: string } {
  return words[language](facts);
}
