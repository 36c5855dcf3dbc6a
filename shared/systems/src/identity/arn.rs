//! Names of Amazon's: `arn:aws:ecs:us-west-2:111122223333:task/default/158d1c80`.

/// A name in its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Arn<'a> {
    pub(super) service: &'a str,
    region: &'a str,
    account: &'a str,
    resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Takes it apart.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        let (arn, partition) = (parts.next()?, parts.next()?);
        if arn != "arn" || !partition.starts_with("aws") {
            return None;
        }
        Some(Self {
            service: parts.next()?,
            region: parts.next()?,
            account: parts.next()?,
            resource: parts.next()?,
        })
    }

    /// Twelve digits.
    pub(super) fn account(&self) -> Option<String> {
        let digits = self.account.len() == 12 && self.account.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| self.account.to_owned())
    }

    pub(super) fn region(&self) -> Option<String> {
        (!self.region.is_empty()).then(|| self.region.to_owned())
    }

    /// The cluster of a task or a container, which older names lack; or the cluster itself.
    pub(super) fn cluster(&self) -> Option<String> {
        let mut parts = self.resource.split('/');
        match (parts.next()?, parts.next()?, parts.next()) {
            ("task" | "container" | "container-instance" | "service", cluster, Some(_))
            | ("cluster", cluster, None) => Some(cluster.to_owned()),
            _ => None,
        }
    }

    /// Id of the task.
    pub(super) fn task(&self) -> Option<String> {
        let rest = self.resource.strip_prefix("task/")?;
        rest.rsplit('/').next().filter(|id| !id.is_empty()).map(ToOwned::to_owned)
    }
}

/// The cluster in what ECS calls `Cluster`: a name on EC2, a whole ARN on Fargate.
pub(super) fn cluster_name(text: &str) -> String {
    Arn::parse(text).and_then(|arn| arn.cluster()).unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_old_and_new() {
        let arn = |text| Arn::parse(text).unwrap();
        let new = arn("arn:aws:ecs:us-west-2:111122223333:task/default/158d1c80");
        assert_eq!(
            (new.account(), new.region(), new.cluster(), new.task()),
            (
                Some("111122223333".into()),
                Some("us-west-2".into()),
                Some("default".into()),
                Some("158d1c80".into())
            )
        );
        let old = arn("arn:aws-cn:ecs:cn-north-1:111122223333:task/158d1c80");
        assert_eq!((old.cluster(), old.task()), (None, Some("158d1c80".into())));
        assert_eq!(arn("arn:aws:iam::111122223333:role/x").region(), None);
        assert_eq!(cluster_name("arn:aws:ecs:us-west-2:111122223333:cluster/default"), "default");
        assert_eq!(cluster_name("default"), "default");
        for other in ["", "arn:aws:ecs", "arn:google:x:y:z:a", "default"] {
            assert_eq!(Arn::parse(other), None, "{other}");
        }
    }
}
