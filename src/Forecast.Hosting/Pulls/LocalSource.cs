using System.Security.Cryptography;
using Forecast.Core;

namespace Forecast.Hosting.Pulls;

/// <summary>A folder on this machine, copied as it would be fetched.</summary>
internal static class LocalSource
{
    public static async Task<IReadOnlyList<PulledFile>> CopyAsync(string folder, string work, CancellationToken cancellation)
    {
        bool Has(string name) => File.Exists(Path.Combine(folder, name));

        var weights = ModelFiles.ChooseWeights(Has, folder);
        List<string> names = [weights, .. ModelFiles.Others.Prepend(ModelFiles.Config).Where(Has)];
        if (ModelFiles.IsIndex(weights)) names.AddRange(ModelFiles.Shards(Path.Combine(folder, weights)));
        var files = new List<PulledFile>();
        foreach (var name in names.Distinct(StringComparer.Ordinal))
        {
            if (!Has(name)) throw new ForecastException("pull-missing", $"the folder '{folder}' has no '{name}', which its index names", "SOURCE");
            var target = Path.Combine(work, name);
            File.Copy(Path.Combine(folder, name), target, overwrite: true);
            await using var stream = File.OpenRead(target);
            files.Add(new PulledFile(name, stream.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation))));
        }

        return [.. files.OrderBy(f => f.Name, StringComparer.Ordinal)];
    }
}
