using Microsoft.Extensions.Configuration;
using OpsAgent.Toml.Reading;

namespace OpsAgent.Toml;

/// <summary>A document's values under configuration's flat, case-insensitive keys.</summary>
internal sealed class FlatConfiguration(string fileName)
{
    public Dictionary<string, string?> Values { get; } = new(StringComparer.OrdinalIgnoreCase);

    public Dictionary<string, TomlPosition> Positions { get; } = new(StringComparer.OrdinalIgnoreCase);

    public void Add(TomlTable root)
    {
        foreach (var (key, node) in root)
        {
            Add(key, node, root.KeyPosition(key));
        }
    }

    private void Add(string path, TomlNode node, TomlPosition written)
    {
        if (!Positions.TryAdd(path, written))
        {
            throw new TomlException(fileName, written,
                $"the configuration key {Wording.Quoted(path)} was given already at {Positions[path]}: "
                + "configuration ignores case and joins keys with ':', expected keys that differ in more than that");
        }

        switch (node)
        {
            case TomlTable table:
                foreach (var (key, item) in table)
                {
                    Add(ConfigurationPath.Combine(path, key), item, table.KeyPosition(key));
                }

                break;
            case TomlArray array:
                for (var i = 0; i < array.Count; i++)
                {
                    Add(ConfigurationPath.Combine(path, $"{i}"), array[i], array[i].Position);
                }

                break;
            default:
                Values.Add(path, node.ToString());
                return;
        }

        // Without a value of its own an empty table or array would not be there at all. These are what the JSON provider
        // gives; of an empty array the binder makes one, where a missing key leaves the property as it was.
        if (node is TomlTable { Count: 0 })
        {
            Values.Add(path, null);
        }
        else if (node is TomlArray { Count: 0 })
        {
            Values.Add(path, string.Empty);
        }
    }
}
