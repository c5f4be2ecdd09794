"""What differs from one platform to the next: folders, secrets, camera, network, clock."""
