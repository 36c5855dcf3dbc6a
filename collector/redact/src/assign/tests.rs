use super::*;

fn found(text: &str, place: Place) -> Vec<&str> {
    let mut list = Spans::default();
    spans(text.as_bytes(), 0, place, &mut list);
    list.ranges().map(|span| &text[span]).collect()
}

#[test]
fn values_after_secret_names() {
    for (text, want) in [
        ("-Ddb.password=x y", "x"),
        ("host=h password=pw user=u", "pw"),
        ("https://h/p?a=1&token=abc&b=2", "abc"),
        ("Server=s;Password=pw;Database=d", "pw"),
        ("Server=s;UID=u;PWD=a,b c;", "a,b c"),
        ("Authorization: Bearer abc.def", "abc.def"),
        ("AUTHORIZATION=Basic dTpw", "dTpw"),
        ("X-Api-Key: a12345", "a12345"),
        (r#"{"user":"u","password":"p w","x":1}"#, "p w"),
        (r#"{\"user\":\"u\",\"password\":\"p,w\",\"x\":1}"#, "p,w"),
        (r#"{"secret": "s\"t"}"#, "s\\\"t"),
        (r#"{"passwords":["4a19"]}"#, "4a19"),
        (r#"{"password": {"value": "v1", "type": "plain"}}"#, "v1"),
        (r#"[{"name":"DB_PASSWORD","value":"v2"}]"#, "v2"),
        (r#"[{"value":"v2","name":"DB_PASSWORD"},{"name":"A","value":"b"}]"#, "v2"),
        ("env:\n- name: API_TOKEN\n  value: v3\n- name: B\n  value: c\n", "v3"),
        (r#"<add key="Password" value="v4"/>"#, "v4"),
        ("<config><user>u</user><password>v5</password></config>", "v5"),
        (r#"<entry key="db.password">v6</entry>"#, "v6"),
        ("<name>fs.secret.key</name><value>v7</value>", "v7"),
        ("password='a b' c", "a b"),
        ("token:abc", "abc"),
        ("MYSQL_PASSWORD=a=b", "a=b"),
        ("db:\n  password: x1\n  host: h\n", "x1"),
        ("db_password : x1", "x1"),
        ("password = \"x1\"\n", "x1"),
        ("[db]\npassword = x 1\nhost = h", "x 1"),
        ("key: |\n  abc\nhost: h\n", "abc"),
        ("tokens:\n  - abc\nhost: h\n", "abc"),
        ("{user: u, password: pw, host: h}", "pw"),
        ("{'password': u'pw'}", "pw"),
        (":password => 'pw', :host => 'h'", "pw"),
        ("$db['password'] = 'pw';", "pw"),
        ("SET PASSWORD('pw')", "pw"),
        ("session=wAT1Rr0Fxv00b1NERD3VF8lZ; path=/", "wAT1Rr0Fxv00b1NERD3VF8lZ"),
        ("username=u,password=pw,vers=3", "pw"),
        ("//registry.example/:_authToken=pw", "pw"),
        ("otpauth://totp/x?secret=JBSWY3DP&issuer=y", "JBSWY3DP"),
    ] {
        assert_eq!(found(text, Place::Text), [want], "{text}");
    }
}

#[test]
fn a_value_ends_with_its_argument() {
    for (text, want) in [
        ("--password=ab&cd", "ab&cd"),
        ("--password=ab,cd=e f", "ab,cd=e f"),
        ("DB_PASSWORD=ab;cd", "ab;cd"),
        ("DB_PASSWORD=ab cd", "ab cd"),
        ("PGPASSWORD=ab psql -h db", "ab"),
        ("auth.password=ab,image.tag=1", "ab"),
        ("--env=TOKEN=a,b", "a,b"),
        ("user=u,pass=p.w,vers=3", "p.w"),
        ("http.extraHeader=AUTHORIZATION: bearer pw", "pw"),
        ("mysqld: user=x pw=pw13 db", "pw13"),
    ] {
        assert_eq!(found(text, Place::Argument), [want], "{text}");
    }
    for (text, want) in [
        ("export DBPASS=ab;run", "ab"),
        ("export DBPASS=\"a b\"; run", "a b"),
        ("curl -H 'X-Api-Key: a b' http://h", "a b"),
        ("(TOKEN=ab) && run", "ab"),
    ] {
        assert_eq!(found(text, Place::Code), [want], "{text}");
    }
}

#[test]
fn other_settings_stay() {
    for text in [
        "--key=/etc/ssl/web.key",
        "a=b",
        "password=",
        "password",
        "PWD=/root",
        "time: 12:30",
        "token://host",
        "=x",
        ":",
        "--token-file=/run/token",
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf",
        "registry/secret:1.2",
        "oauth2-proxy:v7.4.0",
        "my-token:latest",
        "token=$TOKEN",
        "<title>x</title>",
        "/etc/passwd:/etc/passwd:ro",
        r#"{"key":"a","value":"b"}"#,
        "x-request-id: 9f86d081884c7d659a2feaa0c55ad015",
    ] {
        assert!(found(text, Place::Argument).is_empty(), "{text}: {:?}", found(text, Place::Argument));
    }
}
