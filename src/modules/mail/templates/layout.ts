/** What every mail stands in. No images and nothing from elsewhere: a mail that is opened tells nobody so. */
export const layout = {
  text: `Hello,

{{> @partial-block}}


Ringfence. A machine wrote this; nobody reads what is answered to it.
`,

  html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{{subject}}</title>
</head>
<body style="margin:0;padding:24px;background:#f4f5f7;color:#1c2430;font:16px/1.5 system-ui,sans-serif">
<div style="max-width:560px;margin:0 auto;padding:24px 32px;background:#ffffff;border-radius:8px">
<h1 style="margin:0 0 16px;font-size:20px">{{subject}}</h1>
{{> @partial-block}}
</div>
<p style="max-width:560px;margin:16px auto 0;color:#66707d;font-size:13px">
Ringfence. A machine wrote this; nobody reads what is answered to it.
</p>
</body>
</html>
`,
};

/** A link to press, and the same to copy where pressing does not work. */
export const button = `<p style="margin:24px 0"><a href="{{to}}" style="display:inline-block;padding:12px 20px;border-radius:6px;background:#1c4ed8;color:#ffffff;text-decoration:none">{{label}}</a></p>
<p style="color:#66707d;font-size:13px;word-break:break-all">Or copy it into your browser: {{to}}</p>
`;
