//! Suricata, Zeek's JSON, Azure, Google Cloud.

use super::{expect, read};
use crate::Format;

#[test]
fn suricata() {
    let alert = r#"{"timestamp":"2022-07-10T23:50:05.533101+0000","event_type":"alert","in_iface":"bond0","src_ip":"1.2.3.4","src_port":52812,"dest_ip":"10.0.0.1","dest_port":80,"proto":"TCP","alert":{"action":"allowed","signature":"ET \"x\""},"flow":{"bytes_toserver":5,"pkts_toserver":1}}"#;
    let flow = r#"{"timestamp":"2022-07-10T23:50:05.5+0000","event_type":"flow","src_ip":"fe80::1","src_port":5353,"dest_ip":"ff02::fb","dest_port":5353,"proto":"UDP","flow":{"pkts_toserver":2,"pkts_toclient":1,"bytes_toserver":200,"bytes_toclient":90,"start":"2022-07-10T23:49:05+0000","end":"2022-07-10T23:49:06+0000"}}"#;
    let drop = r#"{"timestamp":"2022-07-10T23:50:05+0000","event_type":"drop","src_ip":"1.2.3.4","dest_ip":"10.0.0.1","proto":"ICMP","icmp_type":8}"#;
    let stats = r#"{"timestamp":"2022-07-10T23:50:05+0000","event_type":"stats","stats":{"uptime":8}}"#;
    let text = format!("{alert}\n{flow}\n{drop}\n{stats}\n");
    expect(
        &text,
        Format::Suricata,
        &[
            "1.1 2022-07-10T23:50:05.533Z/2022-07-10T23:50:05.533Z tcp 1.2.3.4:52812 > 10.0.0.1:80, alert: ET \"x\" interface=bond0",
            "2.1 2022-07-10T23:49:05.000Z/2022-07-10T23:49:06.000Z udp [fe80::1]:5353 > [ff02::fb]:5353, 200 bytes, 90 bytes back packets=2 back=1",
            "3.1 2022-07-10T23:50:05.000Z/2022-07-10T23:50:05.000Z icmp 1.2.3.4 > 10.0.0.1, rejected",
        ],
    );
    assert_eq!(read(&text).tally.ignored, 1);
}

#[test]
fn zeek_with_names_of_every_style() {
    let conn = r#"{"ts":1588205198.89971,"uid":"C","id.orig_h":"10.0.1.4","id.orig_p":64842,"id.resp_h":"10.0.0.4","id.resp_p":53,"proto":"udp","duration":0.5,"orig_bytes":39,"resp_bytes":55,"orig_pkts":1,"orig_ip_bytes":67,"resp_pkts":1,"resp_ip_bytes":83}"#;
    let iso = conn.replace("1588205198.89971", "\"2020-04-30T00:06:38.899710Z\"");
    let flat = conn.replace("id.", "id_");
    let nested = r#"{"ts":1588205198.89971,"id":{"orig_h":"10.0.1.4","orig_p":64842,"resp_h":"10.0.0.4","resp_p":53},"proto":"udp","duration":0.5,"orig_bytes":67,"resp_bytes":83,"orig_pkts":1,"resp_pkts":1}"#;
    let is = "2020-04-30T00:06:38.899Z/2020-04-30T00:06:39.399Z udp 10.0.1.4:64842 > 10.0.0.4:53, 67 bytes, 83 bytes back packets=1 back=1";
    let expected: Vec<_> = (1..5).map(|line| format!("{line}.1 {is}")).collect();
    let expected: Vec<_> = expected.iter().map(String::as_str).collect();
    expect(&format!("{conn}\n{iso}\n{flat}\n{nested}\n"), Format::Zeek, &expected);
}

#[test]
fn azure_security_groups_of_both_versions_and_networks() {
    let text = r#"{"records":[{"time":"2017-02-16T22:00:32.8950000Z","systemId":"x","category":"NetworkSecurityGroupFlowEvent","resourceId":"/SUBSCRIPTIONS/1111-2222/RESOURCEGROUPS/G/PROVIDERS/X","properties":{"Version":1,"flows":[{"rule":"DefaultRule_DenyAllInBound","flows":[{"mac":"000D3AF8801A","flowTuples":["1487282421,42.119.146.95,10.1.0.4,51529,5358,T,I,D"]}]}]}},
{"resourceId":"/subscriptions/3333/x","properties":{"Version":2,"flows":[{"rule":"UserRule_ssh","flows":[{"mac":"000D3AF8801B","flowTuples":["1542110377,94.102.49.190,10.5.16.4,28746,443,U,I,A,B,,,,","1542110437,10.5.16.4,13.67.143.118,44937,443,T,O,A,E,25,16684,10,1000","1542110437,10.5.16.4"]}]}]}}]}"#;
    let all = read(text);
    assert_eq!((all.format, all.tally.bad), (Some(Format::AzureFlow), 1));
    let lines: Vec<_> = all.records.iter().map(super::full).collect();
    assert_eq!(
        lines,
        [
            "1.1 2017-02-16T22:00:21.000Z/2017-02-16T22:00:21.000Z tcp 42.119.146.95:51529 > 10.1.0.4:5358, rejected: DefaultRule_DenyAllInBound in account=1111-2222 interface=000D3AF8801A",
            "2.1 2018-11-13T11:59:37.000Z/2018-11-13T11:59:37.000Z udp 94.102.49.190:28746 > 10.5.16.4:443, accepted: UserRule_ssh in account=3333 interface=000D3AF8801B",
            "2.2 2018-11-13T12:00:37.000Z/2018-11-13T12:00:37.000Z tcp 10.5.16.4:44937 > 13.67.143.118:443, 16684 bytes, 1000 bytes back, accepted: UserRule_ssh packets=25 back=10 out account=3333 interface=000D3AF8801B",
        ]
    );
    let text = r#"{"records":[{"time":"2022-09-14T09:00:52.5625085Z","flowLogVersion":4,"macAddress":"112233445566","flowLogResourceID":"/SUBSCRIPTIONS/4444/X","flowRecords":{"flows":[{"aclID":"a","flowGroups":[{"rule":"DefaultRule_AllowInternetOutBound","flowTuples":["1663146003599,10.0.0.6,192.0.2.180,23956,443,6,O,B,NX,0,0,0,0","1663146003606,10.0.0.6,192.0.2.180,23956,443,6,O,E,NX,3,767,2,1580","1663146003637,203.0.113.17,10.0.0.6,22,44,6,I,D,NX,0,0,0,0"]}]}]}}]}"#;
    expect(
        text,
        Format::AzureFlow,
        &[
            "1.1 2022-09-14T09:00:03.599Z/2022-09-14T09:00:03.599Z tcp 10.0.0.6:23956 > 192.0.2.180:443, 0 bytes, 0 bytes back, accepted: DefaultRule_AllowInternetOutBound packets=0 back=0 out account=4444 interface=112233445566",
            "1.2 2022-09-14T09:00:03.606Z/2022-09-14T09:00:03.606Z tcp 10.0.0.6:23956 > 192.0.2.180:443, 767 bytes, 1580 bytes back, accepted: DefaultRule_AllowInternetOutBound packets=3 back=2 out account=4444 interface=112233445566",
            "1.3 2022-09-14T09:00:03.637Z/2022-09-14T09:00:03.637Z tcp 203.0.113.17:22 > 10.0.0.6:44, 0 bytes, 0 bytes back, rejected: DefaultRule_AllowInternetOutBound packets=0 back=0 in account=4444 interface=112233445566",
        ],
    );
}

#[test]
fn google_cloud_flows_and_firewall_rules() {
    let flow = r#"{"insertId":"x","jsonPayload":{"bytes_sent":"1776","connection":{"dest_ip":"10.138.0.3","dest_port":443,"protocol":6,"src_ip":"203.0.113.7","src_port":44444},"dest_instance":{"project_id":"p","vm_name":"web-1"},"end_time":"2024-05-01T10:00:05.5Z","packets_sent":"4","reporter":"DEST","start_time":"2024-05-01T10:00:00Z"},"logName":"projects/p/logs/compute.googleapis.com%2Fvpc_flows","resource":{"labels":{"project_id":"my-project","subnetwork_name":"default"}},"timestamp":"2024-05-01T10:00:09Z"}"#;
    let rule = r#"{"jsonPayload":{"connection":{"src_ip":"10.0.0.9","dest_ip":"10.0.0.2","src_port":1,"dest_port":2,"protocol":17},"disposition":"DENIED","instance":{"vm_name":"db"},"rule_details":{"reference":"network:default/firewall:deny","direction":"INGRESS"}},"timestamp":"2024-05-01T10:00:09Z"}"#;
    let expected = [
        "1.1 2024-05-01T10:00:00.000Z/2024-05-01T10:00:05.500Z tcp 203.0.113.7:44444 > 10.138.0.3:443, 1776 bytes packets=4 in account=my-project interface=default instance=web-1",
        "2.1 2024-05-01T10:00:09.000Z/2024-05-01T10:00:09.000Z udp 10.0.0.9:1 > 10.0.0.2:2, rejected: network:default/firewall:deny in instance=db",
    ];
    expect(&format!("{flow}\n{rule}\n"), Format::GcpVpc, &expected);
    expect(&format!("[{flow},\n{rule}]"), Format::GcpVpc, &expected);
}
