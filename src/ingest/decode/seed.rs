//! Seeds that take whatever value comes: their `visit_*` functions say what they make of it.

macro_rules! seed {
    ($seed:ty, $value:ty) => {
        impl<'de> serde::de::DeserializeSeed<'de> for $seed {
            type Value = $value;

            fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<$value, D::Error> {
                json.deserialize_any(self)
            }
        }
    };
}

pub(super) use seed;
