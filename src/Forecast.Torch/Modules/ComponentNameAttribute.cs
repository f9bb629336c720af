namespace TorchSharp.Utils;

/// <summary>Gives a field of a module another name in the state dict than the field's own.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class ComponentNameAttribute : Attribute
{
    /// <summary>The name in the state dict.</summary>
    public string Name { get; set; } = "";
}
