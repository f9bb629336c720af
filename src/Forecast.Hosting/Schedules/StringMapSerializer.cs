using System.Collections.Specialized;
using System.Text.Json;
using Quartz.Spi;

namespace Forecast.Hosting.Schedules;

/// <summary>How Quartz keeps the data of its jobs, which are texts only: as a JSON object. Quartz makes it by its name.</summary>
public sealed class StringMapSerializer : IObjectSerializer
{
    public void Initialize()
    {
        // Nothing is needed.
    }

    public byte[] Serialize<T>(T obj)
        where T : class => obj is NameValueCollection map
            ? JsonSerializer.SerializeToUtf8Bytes(map.AllKeys.OfType<string>().ToDictionary(k => k, k => map[k], StringComparer.Ordinal))
            : throw new NotSupportedException($"the clock keeps texts only, not a {obj.GetType().Name}");

    public T? DeSerialize<T>(byte[] data)
        where T : class
    {
        var map = new NameValueCollection(StringComparer.Ordinal);
        foreach (var (key, value) in JsonSerializer.Deserialize<Dictionary<string, string?>>(data) ?? []) map[key] = value;
        return map as T ?? throw new NotSupportedException($"the clock keeps texts only, not a {typeof(T).Name}");
    }
}
