/** The DOM's name, which the client's generated code uses; the rest of its types come with Node's. */
type BodyInit = NonNullable<RequestInit['body']>;
