/*
 * The one form of an e-mail address (used by 0018). Frozen with that migration: stored addresses are compared with it, so a
 * newer rule is a new function, and a migration that rewrites what is stored.
 */

/** Neither visible nor in one place: controls, spaces, what has no width or turns the direction, private use (UAX 44). */
const UNFIT = String.raw`[\u0001-\u0020\u007f-\u00a0\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164\ue000-\uf8ff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U000f0000-\U0010ffff]`;

/** RFC 3492 section 6.3. */
const PUNYCODE = `
  create function app.punycode(p_label text) returns text
    language plpgsql immutable strict parallel safe set search_path = '' as $$
  declare
    digits constant text collate "C" := 'abcdefghijklmnopqrstuvwxyz0123456789';
    points constant integer[] := array(select ascii(u.c) from unnest(string_to_array(p_label, null)) with ordinality u (c, at) order by u.at);
    basic constant text collate "C" := regexp_replace(p_label collate "C", '[^\\u0001-\\u007f]', '', 'g');
    encoded text := basic || case when basic = '' then '' else '-' end;
    done integer := length(basic);   -- characters that are written
    n integer := 128;
    delta integer := 0;
    bias integer := 72;
    next integer;
    point integer;
    q integer;
    k integer;
    t integer;
  begin
    while done < cardinality(points) loop
      next := (select min(p) from unnest(points) p where p >= n);
      delta := delta + (next - n) * (done + 1);
      n := next;
      foreach point in array points loop
        if point < n then
          delta := delta + 1;
        elsif point = n then
          q := delta;
          k := 36;
          loop   -- a generalised variable-length integer
            t := greatest(1, least(26, k - bias));
            exit when q < t;
            encoded := encoded || substr(digits, 1 + t + (q - t) % (36 - t), 1);
            q := (q - t) / (36 - t);
            k := k + 36;
          end loop;
          encoded := encoded || substr(digits, 1 + q, 1);
          -- section 6.1
          delta := delta / case when done = length(basic) then 700 else 2 end;
          delta := delta + delta / (done + 1);
          k := 0;
          while delta > 455 loop
            delta := delta / 35;
            k := k + 36;
          end loop;
          bias := k + 36 * delta / (delta + 38);
          delta := 0;
          done := done + 1;
        end if;
      end loop;
      delta := delta + 1;
      n := n + 1;
    end loop;
    return encoded;
  end $$;`;

const CANONICAL = `
  -- NULL for what has no such form. Names its collations: an answer must not depend on the database that it is asked in.
  create function app.canonical_email(p_email text) returns text
    language plpgsql immutable strict parallel safe set search_path = '' as $$
  declare
    e text collate "C" := p_email;
    mailbox text collate "C";
    label text collate "C";
    labels text[] := '{}';
  begin
    if octet_length(e) > 1000 then
      return null;
    end if;
    -- letter by letter; one has a lower case of two characters
    e := normalize(lower(replace(normalize(btrim(e, ' '), nfkc), U&'\\0130', U&'i\\0307') collate pg_catalog.pg_c_utf8), nfkc);
    -- what is not assigned yet may get another form once it is
    if not unicode_assigned(e) or e ~ '${UNFIT}' or e !~ '^[^@]+@[^@]+$' then
      return null;
    end if;
    mailbox := translate(split_part(e, '@', 1), U&'\\03C2', U&'\\03C3');   -- a sigma at the end of a word is a sigma
    if mailbox ~ '[][()<>:;,\\\\"]|^\\.|\\.\\.|\\.$' or octet_length(mailbox) > 64 then
      return null;
    end if;
    foreach label in array string_to_array(translate(split_part(e, '@', 2), U&'\\3002', '.'), '.') loop
      if label ~ '[^\\u0001-\\u007f]' then
        -- IDNA folds more than lower() does, all but these two letters (UTS 46, which leaves them); such a name has another spelling
        if label ~ '^-|-$|^xn--' or normalize(casefold(translate(label, U&'\\00DF\\03C2', '') collate pg_catalog.pg_unicode_fast), nfkc)
            <> translate(label, U&'\\00DF\\03C2', '') then
          return null;
        end if;
        label := 'xn--' || app.punycode(label);
      end if;
      if label !~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$' then
        return null;
      end if;
      labels := labels || label;
    end loop;
    e := mailbox || '@' || array_to_string(labels, '.');
    if cardinality(labels) < 2 or label !~ '^[a-z][a-z0-9-]*[a-z0-9]$' or octet_length(e) > 254 then
      return null;
    end if;
    return e;
  end $$;
  revoke all on function app.punycode(text), app.canonical_email(text) from public;
  grant execute on function app.punycode(text), app.canonical_email(text)
    to ringfence_app, ringfence_auth, ringfence_service, ringfence_derive;`;

/** Rewrites what is stored. Two accounts that would become one are for people to sort out, and so is what is no address. */
export const REWRITE_ACCOUNTS = `
  do $$
  declare
    unclear text;
  begin
    select string_agg(u.id::text, ', ') into unclear from auth.users u
     where app.canonical_email(u.email) is null or exists (
       select from auth.users o where o.id <> u.id and app.canonical_email(o.email) = app.canonical_email(u.email));
    if unclear is not null then
      raise exception 'these accounts have no canonical e-mail address, or share one: %', unclear using errcode = '23514';
    end if;
    update auth.users u set email = app.canonical_email(u.email) where u.email <> app.canonical_email(u.email);
    update app.profiles p set email = u.email from auth.users u where u.id = p.user_id and p.email <> u.email;
  end $$;`;

export const CREATE_CANONICAL_EMAIL = `
  ${PUNYCODE}
  ${CANONICAL}
  alter table auth.users drop constraint users_email_check;
  alter table app.profiles no force row level security;
  ${REWRITE_ACCOUNTS}
  alter table app.profiles force row level security;
  alter table auth.users add constraint users_email_check check (email is not distinct from app.canonical_email(email));`;

export const DROP_CANONICAL_EMAIL = `
  alter table auth.users drop constraint users_email_check;
  alter table auth.users add constraint users_email_check
    check (email = lower(btrim(email)) and email ~ '^[^@[:space:]]+@[^@[:space:]]+$' and length(email) <= 254);
  drop function app.canonical_email(text), app.punycode(text);`;
