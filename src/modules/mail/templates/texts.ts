/** The words of a mail. The subject takes no values, so that nobody writes into a header. Text and HTML are Handlebars. */
export interface Texts {
  subject: string;
  text: string;
  html: string;
}
