using Forecast.Api.Contracts;
using Forecast.Store.Registry;

namespace Forecast.Api.Answers;

/// <summary>Registered models as the contract writes them.</summary>
internal static class RegistryAnswers
{
    public static RegisteredVersionBody Of(RegisteredVersion registered, IReadOnlyList<StageChange>? stages = null)
    {
        var v = registered.Version;
        return new RegisteredVersionBody
        {
            Name = v.Name,
            Version = v.Version,
            Stage = Numbers.Word(registered.Stage),
            Model = v.Model,
            Artefact = registered.Artefact,
            DataHash = v.DataHash,
            Seed = v.Seed,
            Device = v.Device,
            Engine = v.Engine,
            FitCutoff = Numbers.Text(v.FitCutoff),
            RunId = v.RunId,
            DatasetId = v.DatasetId,
            CreatedAt = Numbers.Text(v.CreatedAt),
            Stages = stages is null ? null : [.. stages.Select(s => new StageChangeBody(Numbers.Word(s.Stage), s.Reason, s.By, Numbers.Text(s.At)))],
        };
    }
}
