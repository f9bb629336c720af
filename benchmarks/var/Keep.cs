using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Forecast.Core.Data;
using Forecast.Models.Catalogue;

namespace Forecast.VarExperiment;

/// <summary>
/// Walks that are done, a file each, so that an experiment that was stopped goes on where it was. A file is found by what its numbers depend on: model, cell, seed,
/// tail, returns, and the build of the models.
/// </summary>
/// <param name="Folder">Where; null = nothing is kept.</param>
internal sealed record Keep(string? Folder)
{
    private sealed record Done(string Model, string Cell, ulong Seed, int Exceedances, int Fits, double FitSeconds, double Seconds, double[] Ticks, double[] Risk);

    /// <summary>The walk as it was done before, or done now and kept.</summary>
    public Walk Do(Walk walk, double alpha)
    {
        if (Folder is null) return walk.Run(alpha);
        var file = Path.Combine(Folder, $"{Key(walk, alpha)}.json");
        if (File.Exists(file))
        {
            var done = JsonSerializer.Deserialize<Done>(File.ReadAllText(file)) ?? throw new InvalidDataException($"{file} holds no walk; remove it");
            return walk.As(done.Exceedances, done.Ticks, done.Risk, done.Fits, done.FitSeconds, done.Seconds);
        }

        walk.Run(alpha);
        Directory.CreateDirectory(Folder);
        var half = $"{file}.{Environment.ProcessId}";
        File.WriteAllText(half, JsonSerializer.Serialize(new Done(walk.Model, walk.Cell.Name, walk.Seed, walk.Exceedances, walk.Fits, walk.FitSeconds, walk.Seconds, walk.Ticks, walk.Risk)));
        File.Move(half, file, overwrite: true);
        return walk;
    }

    public bool Has(Walk walk, double alpha) => Folder is not null && File.Exists(Path.Combine(Folder, $"{Key(walk, alpha)}.json"));

    private static string Key(Walk walk, double alpha)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Guid[] builds = [typeof(ModelCatalogue).Module.ModuleVersionId, typeof(Panel).Module.ModuleVersionId];
        hash.AppendData(Encoding.UTF8.GetBytes($"{walk.Model}|{walk.Cell.Name}|{walk.Cell.First}|{walk.Cell.Last}|{walk.Seed}|{alpha:R}|{string.Join('|', builds)}"));
        hash.AppendData(MemoryMarshal.AsBytes(walk.Cell.Series.Targets[0].Values));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }
}
