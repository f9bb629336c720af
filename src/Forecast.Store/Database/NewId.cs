namespace Forecast.Store.Database;

/// <summary>Ids that sort by the time they were made (version 7 UUIDs, RFC 9562), without hyphens.</summary>
internal static class NewId
{
    public static string Next() => Guid.CreateVersion7().ToString("N");
}
